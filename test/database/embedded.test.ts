import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  type Database,
  openDatabase,
  readEmbeddedAddress,
  readEmbeddedOwner,
} from '../../src/database/index.ts'
import { createProjectFolder } from '../support/project-folder.ts'
import { startProcess } from './processes/start-process.ts'

/** Closed, if it is still open, when the test is over. */
async function open(projectDir: string): Promise<Database> {
  const database = await openDatabase({ projectDir })
  onTestFinished(() => database.close())
  return database
}

async function start(projectDir: string) {
  const other = await startProcess(projectDir)
  onTestFinished(() => other.kill())
  return other
}

const countRows = async (database: Database) =>
  (await database.query<{ count: number }>('SELECT count(*)::int AS count FROM note'))[0]?.count

describe('the embedded database', () => {
  it('keeps its data and its address from one opening to the next, in a folder that git ignores', async () => {
    const folder = createProjectFolder({})
    const first = await open(folder)
    await first.query('CREATE TABLE note (id int)')
    await first.query('INSERT INTO note VALUES (1)')
    await first.close()
    expect(readEmbeddedOwner(folder)).toBeUndefined()
    expect(readEmbeddedAddress(folder)?.url).toBe(first.url)
    expect(readFileSync(join(folder, '.refract', '.gitignore'), 'utf8')).toBe('*\n')

    const second = await open(folder)
    expect(second).toMatchObject({ kind: 'embedded', url: first.url })
    expect(second.isOwner()).toBe(true)
    expect(await countRows(second)).toBe(1)
  })

  it('is shared with a second process, which outlives the first and takes over after kill -9', async () => {
    const folder = createProjectFolder({})
    const owner = await start(folder)
    expect(owner.isOwner).toBe(true)
    const second = await open(folder)
    expect(second.isOwner()).toBe(false)
    expect(second.url).toBe(owner.url)
    await second.query('CREATE TABLE note (id int)')
    await second.query('INSERT INTO note VALUES (1), (2)')

    await owner.kill()
    await expect.poll(() => second.isOwner(), { timeout: 20_000 }).toBe(true)
    expect(await countRows(second)).toBe(2)
    expect(readEmbeddedOwner(folder)?.pid).toBe(process.pid)
  })

  it('is taken over when the owner closes it in an orderly way', async () => {
    const folder = createProjectFolder({})
    const owner = await start(folder)
    const second = await open(folder)
    expect(await owner.stop()).toBe(0)
    await expect.poll(() => second.isOwner(), { timeout: 20_000 }).toBe(true)
    expect(second.url).toBe(owner.url)
  })

  it('can be opened after kill -9 at once, with everything that was committed', async () => {
    const folder = createProjectFolder({})
    const owner = await start(folder)
    const guest = await openDatabase({ projectDir: folder, url: owner.url })
    await guest.query('CREATE TABLE note (id int)')
    for (let id = 0; id < 50; id++) await guest.query('INSERT INTO note VALUES ($1)', [id])
    await owner.kill()
    await guest.close()
    expect(existsSync(join(folder, '.refract', 'embedded.lock'))).toBe(true)

    const again = await open(folder)
    expect(again.isOwner()).toBe(true)
    expect(await countRows(again)).toBe(50)
  })

  it('is opened by one of several processes that start at the same moment', async () => {
    const folder = createProjectFolder({})
    const processes = await Promise.all(Array.from({ length: 4 }, () => start(folder)))
    expect(processes.filter(({ isOwner }) => isOwner)).toHaveLength(1)
    expect(new Set(processes.map(({ url }) => url)).size).toBe(1)
  })

  it('moves to another port when something else has taken its own', async () => {
    const folder = createProjectFolder({})
    const first = await open(folder)
    await first.close()
    const port = Number(new URL(first.url).port)
    const intruder = createServer()
    await new Promise<void>(resolve => intruder.listen(port, '127.0.0.1', resolve))
    onTestFinished(() => void intruder.close())
    expect(Number(new URL((await open(folder)).url).port)).not.toBe(port)
  })

  it('says what to do when its data cannot be opened', async () => {
    const folder = createProjectFolder({ '.refract/data/PG_VERSION': '12\n' })
    await expect(openDatabase({ projectDir: folder })).rejects.toThrow(
      /The embedded database in .*data could not be opened: .*delete that folder/s,
    )
    // What was locked for it is free again.
    expect(existsSync(join(folder, '.refract', 'embedded.lock'))).toBe(false)
  })
})
