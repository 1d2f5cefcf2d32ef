import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { administrator, anonymous, createViewer } from '../../src/engine/index.ts'
import type { EqualWorld } from '../engine/compiled/model/check-world.ts'
import { createTestDatabase, hasTestServer, openTestPool } from '../support/database.ts'
import { createTestEngine } from '../support/engine.ts'
import { spawnRefract } from '../support/refract-command.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const dump = here('../../../shared/chinook/chinook.sql')

/** Whether there is what it takes: the dump beside the checkout, and a server. */
export async function hasChinook(): Promise<boolean> {
  return existsSync(dump) && (await hasTestServer())
}

/** Chinook on a server, with the policies of project/refract.config.ts. */
export async function createChinookWorld(): Promise<EqualWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'refract-chinook-'))
  const database = await createTestDatabase('server')
  const { pool, close } = openTestPool(database, 1)
  await pool.query(readFileSync(dump, 'utf8'))
  await close()
  const environment = { DATABASE_URL: database.url, NODE_ENV: 'development' }
  const pulled = await spawnRefract(['pull', '--project', directory], {
    environment,
    cleanUp: () => undefined,
  })
  if (pulled.exitCode !== 0) throw new Error(pulled.stderr)
  copyFileSync(here('project/refract.config.ts'), join(directory, 'refract.config.ts'))
  const reasons: unknown[] = []
  const api = await createTestEngine({
    project: directory,
    url: database.url,
    reads: 'compiled',
    onOrdinary: reason => reasons.push(reason),
  })
  return {
    name: 'chinook',
    api,
    reasons,
    renew: async () => undefined,
    viewer: random => random.one(viewers),
    close: async () => {
      await api.close()
      await database.drop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const viewers = [
  ...[1, 5, 23].map(id => createViewer({ id: String(id), roles: ['customer'] })),
  ...[3, 4].map(id => createViewer({ id: String(id), roles: ['agent'] })),
  anonymous,
  administrator,
]
