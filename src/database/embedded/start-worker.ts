import { Worker } from 'node:worker_threads'
import { StartError } from '../../errors.ts'

export type EmbeddedWorkerData = {
  /** Where the data is kept; in memory when left out. */
  readonly dataDir?: string
  /** An uncompressed archive made by PGlite's `dumpDataDir('none')` that a database in memory starts from. */
  readonly template?: string
  /** The TCP port on 127.0.0.1; 0 for any that is free. */
  readonly port: number
  /** How long a transaction may say nothing while others wait for the database. */
  readonly idleTransactionMilliseconds?: number
}

export type EmbeddedWorker = {
  readonly port: number
  /** Resolves when the thread has ended: with `true` when it was asked to by `close`. */
  readonly ended: Promise<boolean>
  /** Closes all connections and the database; resolves when the data is on disk and the thread has ended. */
  close(): Promise<void>
}

/** The embedded database could not listen, because something else has the port. */
export class PortTakenError extends Error {}

/**
 * Starts an embedded PostgreSQL in a thread of its own and resolves once it accepts connections.
 *
 * @throws {PortTakenError} when the port is not free
 * @throws {StartError} when the database cannot be opened
 */
export async function startWorker(data: EmbeddedWorkerData): Promise<EmbeddedWorker> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: data,
    // Loaders of the parent (tsx, vitest) have nothing to do in a thread that loads plain JavaScript only.
    execArgv: [],
  })
  let isClosing = false
  const ended = new Promise<boolean>(resolve => worker.once('exit', () => resolve(isClosing)))
  const port = await waitUntilListening(worker, data)
  return {
    port,
    ended,
    async close() {
      if (!isClosing) worker.postMessage('close')
      isClosing = true
      await ended
    },
  }
}

type FirstMessage = { readonly port: number } | { readonly error: { code?: string; message: string } }

function waitUntilListening(worker: Worker, { dataDir }: EmbeddedWorkerData): Promise<number> {
  const { promise, resolve, reject } = withResolvers<number>()
  const fail = (reason: string) =>
    reject(
      new StartError(
        `The embedded database ${dataDir === undefined ? '' : `in ${dataDir} `}could not be opened: ${reason}. ` +
          `Set DATABASE_URL to use a PostgreSQL server instead${
            dataDir === undefined ? '.' : ', or delete that folder to start with an empty database.'
          }`,
      ),
    )
  worker.once('error', error => fail(error.message))
  worker.once('exit', code => fail(`its thread ended with code ${code}`))
  worker.once('message', (message: FirstMessage) => {
    worker.removeAllListeners('error')
    if ('port' in message) return resolve(message.port)
    void worker.terminate()
    if (message.error.code === 'EADDRINUSE') reject(new PortTakenError(message.error.message))
    else fail(message.error.message)
  })
  return promise
}

function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (reason: Error) => void
  const promise = new Promise<T>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise
    reject = rejectPromise
  })
  return { promise, resolve, reject }
}
