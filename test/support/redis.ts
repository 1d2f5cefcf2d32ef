import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Whether there is a `redis-server` to start. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

export interface TestRedis {
  readonly url: string
  /** Resolves when it answers. */
  start(): Promise<void>
  /** Ends it; what it held is gone. */
  stop(): Promise<void>
  /** Makes it hang, and go on. */
  signal(name: 'SIGSTOP' | 'SIGCONT'): void
}

/** A Redis of the test's own, that it can end and start again; it is ended when the test is over. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'refract-redis-'))
  let child: ChildProcess | undefined
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    start: () =>
      new Promise((resolve, reject) => {
        const started = spawn('redis-server', ['--port', String(port), '--save', '', '--dir', folder])
        child = started
        started.once('error', reject)
        started.stdout.on('data', text => {
          if (/Ready to accept connections/.test(String(text))) resolve()
        })
      }),
    stop: () =>
      new Promise(resolve => {
        if (!child || child.exitCode !== null || child.signalCode !== null) resolve()
        else child.once('exit', () => resolve()).kill('SIGKILL')
      }),
    signal: name => child?.kill(name),
  }
  onTestFinished(async () => {
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  await redis.start()
  return redis
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
