import { type Audit, serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { silentLog } from '../../src/observe/log.ts'
import { type RunningServer, startServer } from '../../src/server/index.ts'
import { createTestSchema } from './test-server.ts'

describe('GraphQL over HTTP', () => {
  let server: RunningServer

  beforeAll(async () => {
    server = await startServer({
      schema: createTestSchema(),
      createContext: () => ({}),
      ping: async () => undefined,
      port: 0,
      host: '127.0.0.1',
      isProduction: true,
      access: 'everyone',
      log: silentLog,
    })
  })

  afterAll(() => server.close())

  const audits: Audit[] = serverAudits({ url: () => `${server.url}/graphql` })

  it('has 61 audits', () => {
    expect(audits).toHaveLength(61)
  })

  for (const audit of audits) {
    it(`${audit.id} ${audit.name}`, async () => {
      const result = await audit.fn()
      expect(result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`).toBe('ok')
    })
  }
})
