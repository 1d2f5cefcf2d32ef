import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { StartError } from '../../errors.ts'
import { openEmbedded, readEmbeddedOwner } from './open-embedded.ts'

const script = fileURLToPath(new URL('./keep.js', import.meta.url))

/**
 * Makes sure that the project's embedded database runs for as long as this process lives, and returns its address.
 * For programs that cannot wait for a promise (Prisma reads its configuration that way); blocks until it answers.
 *
 * @throws {StartError} when it cannot be opened
 */
export function startKeeper(projectDir: string): string {
  const owner = readEmbeddedOwner(projectDir)
  if (owner !== undefined) return owner.url
  const { stdout, stderr } = spawnSync(process.execPath, [script, 'start', projectDir, String(process.pid)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const line = stdout.trim()
  if (line.startsWith('postgresql://')) return line
  throw new StartError(line || stderr.trim() || 'The embedded database could not be started.')
}

/**
 * The keeper's own program: `start DIR PID` starts a keeper in the background and prints the address; `hold DIR PID` is
 * that keeper, which ends when the process PID is gone.
 */
export async function keepEmbedded([action, projectDir = '', pid = '']: readonly string[]): Promise<void> {
  if (action === 'start') await startInBackground(projectDir, pid)
  else await hold(projectDir, Number(pid))
}

async function startInBackground(projectDir: string, pid: string): Promise<void> {
  const keeper = spawn(process.execPath, [script, 'hold', projectDir, pid], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface({ input: keeper.stdout })) {
    process.stdout.write(`${line}\n`)
    break
  }
  process.exit(0)
}

async function hold(projectDir: string, pid: number): Promise<void> {
  // Whoever started this is gone by the time it ends: a closed pipe is no reason to stop.
  process.stdout.on('error', () => undefined)
  try {
    const embedded = await openEmbedded(projectDir)
    process.stdout.write(`${embedded.url}\n`)
    while (isRunning(pid)) await delay(200)
    await embedded.close()
  } catch (error) {
    process.stdout.write(`${error instanceof Error ? error.message.replaceAll('\n', ' ') : String(error)}\n`)
    process.exitCode = 1
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false
    throw error
  }
}
