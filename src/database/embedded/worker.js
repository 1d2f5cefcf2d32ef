import { existsSync, openAsBlob } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { extensions } from './extensions.js'
import { servePostgres } from './serve.js'

/**
 * The thread of the embedded PostgreSQL: plain JavaScript, so that no TypeScript loader has to follow it here.
 *
 * In: `workerData` (EmbeddedWorkerData of start-worker.ts), then the message `close`. Out: `{ port }` once it listens,
 * `{ error }` when it cannot; after `close` the thread ends with code 0, and on a crash of the backend with 1.
 */
const port = parentPort
if (port === null) throw new Error('The embedded database runs in a worker thread only')

try {
  await run()
} catch (error) {
  port.postMessage({ error: { code: error?.code, message: String(error?.message ?? error) } })
}

async function run() {
  const { dataDir, template } = workerData
  if (dataDir !== undefined && !existsSync(dataDir)) await initialize(dataDir)
  const database = await PGlite.create({
    ...(dataDir === undefined ? {} : { dataDir }),
    ...(template === undefined ? {} : { loadDataDir: await openAsBlob(template) }),
    extensions,
  })
  const server = await servePostgres(database, {
    port: workerData.port,
    idleTransactionMilliseconds: workerData.idleTransactionMilliseconds,
    onCrash(error) {
      process.stderr.write(`The embedded database stopped: ${String(error?.message ?? error)}\n`)
      process.exit(1)
    },
  }).catch(async error => {
    await database.close()
    throw error
  })
  port.once('message', async () => {
    await server.close()
    await database.close()
    process.exit(0)
  })
  port.postMessage({ port: server.port })
}

/**
 * A new database is made beside its place and moved there when it is complete: a process that is killed meanwhile does
 * not leave half of one.
 *
 * @param {string} dataDir
 */
async function initialize(dataDir) {
  const draft = `${dataDir}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const database = await PGlite.create({ dataDir: draft })
  await database.close()
  await rename(draft, dataDir)
}
