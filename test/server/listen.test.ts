import { describe, expect, it } from 'vitest'
import { StartError } from '../../src/errors.ts'
import { startTestServer } from './test-server.ts'

describe('the address', () => {
  it('is one for a browser, with the port that was free', async () => {
    const { url, port } = await startTestServer({ port: 0, host: '0.0.0.0' })
    expect(port).toBeGreaterThan(0)
    expect(url).toBe(`http://localhost:${port}`)
  })

  it('that is taken is an error that names the port and two ways to another one', async () => {
    const { port } = await startTestServer()
    const start = startTestServer({ port })
    await expect(start).rejects.toBeInstanceOf(StartError)
    await expect(start).rejects.toThrow(
      new RegExp(`^Port ${port} is already taken .*--port ${port + 1} or PORT=${port + 1}\\.$`),
    )
  })

  it.each(['203.0.113.7', 'no-such-host.invalid'])(
    '%s, not of this machine, is an error that names it',
    async host => {
      const start = startTestServer({ host })
      await expect(start).rejects.toBeInstanceOf(StartError)
      await expect(start).rejects.toThrow(`"${host}"`)
    },
  )
})
