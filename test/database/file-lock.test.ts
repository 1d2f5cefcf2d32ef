import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { tryLock, waitForLock } from '../../src/database/index.ts'
import { createProjectFolder } from '../support/project-folder.ts'

const newPath = () => join(createProjectFolder({}), 'some', 'lock')

/** A lock file that another process has left, or has. */
function writeLock(path: string, holder: object, secondsAgo = 0): void {
  writeFileSync(path, JSON.stringify({ token: 'other', startedAt: '1', host: hostname(), ...holder }))
  const touched = new Date(Date.now() - secondsAgo * 1_000)
  utimesSync(path, touched, touched)
}

const isTaken = async (path: string) => {
  const lock = await tryLock(path)
  if ('release' in lock) lock.release()
  return 'release' in lock
}

it('is held by one at a time and free after its release', async () => {
  const path = newPath()
  const lock = await waitForLock(path)
  expect(await tryLock(path)).toMatchObject({ heldBy: { pid: process.pid } })
  lock.release()
  expect(await isTaken(path)).toBe(true)
})

it('is waited for', async () => {
  const path = newPath()
  const first = await waitForLock(path)
  const order: string[] = []
  const second = waitForLock(path, {
    onWait: holder => {
      order.push(`waits for ${holder.pid === process.pid}`)
      first.release()
    },
  })
  ;(await second).release()
  expect(order).toEqual(['waits for true'])
  const third = await waitForLock(path)
  await expect(waitForLock(path, { timeoutMilliseconds: 60 })).rejects.toThrow(
    /has held .* for 0\.06 seconds/,
  )
  third.release()
})

it('is taken over at once from a process that is gone', async () => {
  const path = newPath()
  ;(await waitForLock(path)).release()
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  writeLock(path, { pid: child.pid })
  expect(await isTaken(path)).toBe(true)
})

it('is taken over from a process whose number another one has now', async () => {
  const path = newPath()
  ;(await waitForLock(path)).release()
  writeLock(path, { pid: process.pid, startedAt: 'long ago' })
  expect(await isTaken(path)).toBe(true)
})

it('is taken over from another machine when that has not touched it for long', async () => {
  const path = newPath()
  ;(await waitForLock(path)).release()
  writeLock(path, { pid: 1, host: 'elsewhere' }, 5)
  expect(await isTaken(path)).toBe(false)
  writeLock(path, { pid: 1, host: 'elsewhere' }, 60)
  expect(await isTaken(path)).toBe(true)
})

it('is taken over by one of many that try at the same moment', async () => {
  const path = newPath()
  ;(await waitForLock(path)).release()
  writeLock(path, { pid: process.pid, startedAt: 'long ago' })
  const locks = await Promise.all(Array.from({ length: 10 }, () => tryLock(path)))
  const taken = locks.filter(lock => 'release' in lock)
  expect(taken).toHaveLength(1)
  onTestFinished(() => {
    for (const lock of taken) lock.release()
  })
})
