import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from '../../errors.ts'
import { type FileLock, type LockHolder, readLiveHolder, tryLock } from '../file-lock.ts'
import { choosePort } from './choose-port.ts'
import { PortTakenError, startWorker } from './start-worker.ts'

export type EmbeddedDatabase = {
  readonly url: string
  /** Whether the data folder is open in this process (it may become so later, when the owner goes away). */
  isOwner(): boolean
  /** The owner closes the database itself; others only stop watching it. */
  close(): Promise<void>
}

/** What `.refract/embedded.json` says: the port stays the same for the life of the folder, `pid` is its owner's. */
export type EmbeddedAddress = { readonly port: number; readonly url: string; readonly pid?: number }

/** The embedded database that a live process has open and serves; undefined when there is none at this moment. */
export function readEmbeddedOwner(projectDir: string): EmbeddedAddress | undefined {
  const holder = readLiveHolder(lockPath(projectDir))
  const address = readEmbeddedAddress(projectDir)
  return holder !== undefined && address?.pid === holder.pid ? address : undefined
}

/**
 * Opens the embedded database of the project folder, or connects to the process that has it open.
 *
 * One process owns the data in `.refract/data` and serves it on 127.0.0.1; the others use its address. When the owner
 * goes away, one of the others takes over on the same port.
 *
 * @throws {StartError} when the data cannot be opened
 */
export async function openEmbedded(projectDir: string): Promise<EmbeddedDatabase> {
  const membership = createMembership(projectDir)
  await membership.enter()
  return membership
}

function createMembership(projectDir: string) {
  let isClosing = false
  let url = ''
  let leave: (() => Promise<void>) | undefined
  let isOwner = false

  const enter = async () => {
    const result = await ownOrFind(projectDir)
    url = result.url
    isOwner = result.isOwner
    leave = result.leave
    void result.ended.then(() => rejoin())
  }
  const rejoin = async () => {
    leave = undefined
    isOwner = false
    if (isClosing) return
    try {
      await enter()
    } catch (error) {
      if (!isClosing) process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  return {
    enter,
    get url() {
      return url
    },
    isOwner: () => isOwner,
    async close() {
      isClosing = true
      await leave?.()
    },
  }
}

type Joined = {
  readonly url: string
  readonly isOwner: boolean
  /** Resolves when the database is no longer served by whoever served it. */
  readonly ended: Promise<unknown>
  leave(): Promise<void>
}

const startTimeoutMilliseconds = 120_000 // a first start takes 3 seconds on an idle machine

async function ownOrFind(projectDir: string): Promise<Joined> {
  const deadline = Date.now() + startTimeoutMilliseconds
  stateFolder(projectDir)
  for (;;) {
    const lock = await tryLock(lockPath(projectDir))
    if ('release' in lock) return own(projectDir, lock)
    const joined = await find(projectDir, lock.heldBy)
    if (joined !== undefined) return joined
    if (Date.now() > deadline) {
      throw new StartError(
        `The embedded database of ${projectDir} is held by process ${lock.heldBy.pid} on ${lock.heldBy.host}, which ` +
          `did not answer for ${startTimeoutMilliseconds / 1_000} seconds. End that process, then try again.`,
      )
    }
    await delay(50)
  }
}

async function own(projectDir: string, lock: FileLock): Promise<Joined> {
  try {
    const worker = await startOnFreePort(projectDir)
    const address = { port: worker.port, url: urlOf(worker.port) }
    writeAddress(projectDir, { ...address, pid: process.pid })
    const finish = () => {
      writeAddress(projectDir, address)
      lock.release()
    }
    return {
      url: address.url,
      isOwner: true,
      ended: worker.ended.then(finish),
      async leave() {
        await worker.close()
        finish()
      },
    }
  } catch (error) {
    lock.release()
    throw error
  }
}

async function startOnFreePort(projectDir: string) {
  const dataDir = join(stateFolder(projectDir), 'data')
  const known = readEmbeddedAddress(projectDir)?.port
  for (let turn = 0; ; turn++) {
    const port = await choosePort(projectDir, turn === 0 ? known : undefined)
    try {
      return await startWorker({ dataDir, port })
    } catch (error) {
      if (!(error instanceof PortTakenError) || turn >= 5) throw error
    }
  }
}

/** Connects to the owner, if it is already listening; the connection's end is the sign that the owner is gone. */
async function find(projectDir: string, holder: LockHolder): Promise<Joined | undefined> {
  const address = readEmbeddedAddress(projectDir)
  if (address?.pid !== holder.pid) return undefined
  const socket = connect({ port: address.port, host: '127.0.0.1' })
  const ended = new Promise<void>(resolve => socket.once('close', () => resolve()))
  const isConnected = await new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
  })
  if (!isConnected) return undefined
  // Watching the owner must not keep a process alive that has nothing else to do.
  socket.unref()
  return {
    url: address.url,
    isOwner: false,
    ended,
    async leave() {
      socket.destroy()
    },
  }
}

function urlOf(port: number): string {
  return `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`
}

/** The folder for a project's own state, which ignores itself. */
function stateFolder(projectDir: string): string {
  const folder = join(projectDir, '.refract')
  mkdirSync(folder, { recursive: true })
  const ignore = join(folder, '.gitignore')
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
  return folder
}

function lockPath(projectDir: string): string {
  return join(projectDir, '.refract', 'embedded.lock')
}

function addressPath(projectDir: string): string {
  return join(projectDir, '.refract', 'embedded.json')
}

/** The address that the folder's embedded database had the last time, and will have again if the port is free. */
export function readEmbeddedAddress(projectDir: string): EmbeddedAddress | undefined {
  const path = addressPath(projectDir)
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as EmbeddedAddress) : undefined
}

/** Written aside and renamed, so that nobody reads half of it. */
function writeAddress(projectDir: string, address: EmbeddedAddress): void {
  const path = addressPath(projectDir)
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(address, undefined, 2)}\n`)
  renameSync(draft, path)
}
