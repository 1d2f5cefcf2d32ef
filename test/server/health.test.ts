import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/observe/log.ts'
import { createReadinessCheck } from '../../src/server/health.ts'
import { startTestServer } from './test-server.ts'

const readinessOf = (ping: () => Promise<void>) =>
  createReadinessCheck({ ping, log: silentLog, isClosing: () => false, pingMilliseconds: 20 })

describe('/health/live', () => {
  it('is 200 while the database is away', async () => {
    const { url } = await startTestServer({ ping: () => Promise.reject(new Error('away')) })
    const response = await fetch(`${url}/health/live`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'live' }])
  })

  it('answers HEAD, and refuses POST with 405', async () => {
    const { url } = await startTestServer()
    expect((await fetch(`${url}/health/live`, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(`${url}/health/live`, { method: 'POST' })).status).toBe(405)
  })
})

describe('/health/ready', () => {
  it('is 200 when the database answers', async () => {
    const { url } = await startTestServer()
    const response = await fetch(`${url}/health/ready`)
    expect([response.status, await response.json()]).toEqual([200, { status: 'ready' }])
  })

  it('is 503 when it does not, and right again when it does', async () => {
    let isAway = true
    const { url } = await startTestServer({
      ping: async () => {
        if (isAway) {
          throw new Error('connect ECONNREFUSED 10.0.0.7:5432')
        }
      },
    })
    const response = await fetch(`${url}/health/ready`)
    expect([response.status, await response.json()]).toEqual([
      503,
      { status: 'unavailable', reason: 'The database does not answer.' },
    ])
    isAway = false
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  })

  it('gives up on a ping that hangs, and asks again the next time', async () => {
    let pings = 0
    const check = readinessOf(() => {
      pings++
      return pings === 1 ? new Promise(() => undefined) : Promise.resolve()
    })
    expect((await check()).status).toBe(503)
    expect((await check()).status).toBe(200)
  })

  it('shares one ping between probes that come together', async () => {
    let pings = 0
    const check = readinessOf(async () => {
      pings++
    })
    await Promise.all([check(), check(), check()])
    expect(pings).toBe(1)
  })
})
