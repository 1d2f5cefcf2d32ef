import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type OpenProcess = {
  readonly child: ChildProcess
  readonly url: string
  readonly isOwner: boolean
  readonly applied: readonly string[]
  /** Closes the database in an orderly way; resolves with the exit code. */
  stop(): Promise<number | null>
  /** As a power cut would. */
  kill(): Promise<void>
}

/** Another process that opens the database of the folder (or of the address); see open.ts. */
export async function startProcess(projectDir: string, url = '', migrationsDir = ''): Promise<OpenProcess> {
  const script = fileURLToPath(new URL('./open.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, projectDir, url, migrationsDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const lines = createInterface({ input: child.stdout })
  const line = await Promise.race([once(lines, 'line').then(([text]) => String(text)), ended])
  if (typeof line !== 'string') throw new Error(`The process ended with code ${line}`)
  return {
    child,
    ...(JSON.parse(line) as Pick<OpenProcess, 'url' | 'isOwner' | 'applied'>),
    stop() {
      child.stdin.end()
      return ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
