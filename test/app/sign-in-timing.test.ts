import { describe, expect, test } from 'vitest'
import { createWorld } from './sign-in-world.ts'

describe('the time that signing in takes', () => {
  test('does not tell whether there is an account', { timeout: 300_000 }, async () => {
    const world = await createWorld()
    const ann = await world.createUser('Ann')
    const unlimited = { consume: async () => undefined, reset: async () => undefined }
    const server = await world.start({ createAttemptLimiter: () => unlimited })
    const browser = server.browser()
    const measure = async (email: string) => {
      const startedAt = performance.now()
      await browser.signIn(email, 'a wrong password')
      return performance.now() - startedAt
    }
    await measure(ann.email)
    await measure('nobody@example.com')
    const [known, unknown]: [number[], number[]] = [[], []]
    const ratio = () => median(unknown) / median(known)
    const isClear = () => known.length >= 40 && Math.abs(ratio() - 1) < 0.05
    // By turns, so that whatever else the machine does slows both alike; for longer where it does much.
    while (known.length < 300 && !isClear()) {
      known.push(await measure(ann.email))
      unknown.push(await measure(`nobody-${known.length}@example.com`))
    }
    expect(ratio()).toBeGreaterThan(0.9)
    expect(ratio()).toBeLessThan(1.1)
    await world.close()
  })
})

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}
