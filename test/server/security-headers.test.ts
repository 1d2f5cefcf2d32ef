import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from './test-server.ts'

const expected: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

const places: Readonly<Record<string, (server: TestServer) => Promise<Response>>> = {
  'the API': ({ url }) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"query":"{ hello }"}',
    }),
  'an error': ({ url }) => fetch(`${url}/graphql?query={fault}`, { headers: { Accept: 'application/json' } }),
  'a refusal': ({ url }) => fetch(`${url}/graphql`, { method: 'POST', body: 'x' }),
  'the health checks': ({ url }) => fetch(`${url}/health/ready`),
  nothing: ({ url }) => fetch(`${url}/nothing`),
}

describe('security headers', () => {
  it.each(Object.entries(places))('are in the answer of %s', async (_name, ask) => {
    const { headers } = await ask(await startTestServer({ isProduction: true }))
    for (const [name, value] of Object.entries(expected)) expect(headers.get(name), name).toBe(value)
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
    expect(headers.get('x-powered-by')).toBeNull()
    expect(headers.get('server')).toBeNull()
  })

  it('ask for HTTPS in production only', async () => {
    const { url } = await startTestServer()
    expect((await fetch(`${url}/health/live`)).headers.get('strict-transport-security')).toBeNull()
  })

  it('are in answers to what is no request', async () => {
    const { port } = await startTestServer({ isProduction: true })
    const answer = await new Promise<string>((resolve, reject) => {
      let text = ''
      const socket = connect(port, '127.0.0.1', () => socket.write('GARBAGE\r\n\r\n'))
      socket.on('data', chunk => {
        text += chunk
      })
      socket.on('close', () => resolve(text)).on('error', reject)
    })
    for (const [name, value] of Object.entries(expected)) {
      expect(answer.toLowerCase()).toContain(`${name}: ${value.toLowerCase()}`)
    }
  })

  it("leave GraphiQL's page its own policy", async () => {
    const { url } = await startTestServer()
    const { headers } = await fetch(`${url}/graphql`, { headers: { Accept: 'text/html' } })
    expect(headers.get('content-security-policy')).toContain("connect-src 'self'")
    expect(headers.get('x-frame-options')).toBe('DENY')
  })
})
