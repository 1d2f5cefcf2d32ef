import { describe, expect, it } from 'vitest'
import { graphqlFetch } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

describe('the access log', () => {
  it('is one JSON line a request in production', async () => {
    const server = await startTestServer({ isProduction: true })
    await graphqlFetch(server.url, 'query Greet { hello }', {}, { 'X-Request-Id': 'trace-1' })
    const entry = JSON.parse(await server.line(/trace-1/))
    expect(entry).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      msg: expect.stringMatching(/^POST \/graphql 200 [\d.]+ ms query Greet trace-1$/),
      method: 'POST',
      path: '/graphql',
      requestId: 'trace-1',
      status: 200,
      milliseconds: expect.any(Number),
      operationType: 'query',
      operationName: 'Greet',
    })
    expect(server.lines).toHaveLength(1)
  })

  it('is one short line a request in development', async () => {
    const server = await startTestServer()
    await graphqlFetch(server.url, '{ hello }', {}, { 'X-Request-Id': 'trace-1' })
    expect(await server.line(/trace-1/)).toMatch(/^POST \/graphql 200 [\d.]+ ms query \(unnamed\) trace-1$/)
    await graphqlFetch(server.url, '{ nothing }', {}, { 'X-Request-Id': 'trace-2' })
    expect(await server.line(/trace-2/)).toContain(' GRAPHQL_VALIDATION_FAILED ')
  })

  it('names the operation that ran, also from a cached document', async () => {
    const server = await startTestServer()
    for (const operationName of ['A', 'B']) {
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: 'query A { hello } mutation B { count }', operationName }),
      })
    }
    await server.line(/ query A /)
    await server.line(/ mutation B /)
  })

  it('leaves out the query string', async () => {
    const server = await startTestServer()
    await fetch(`${server.url}/graphql?query={hello(name:"hunter2")}`)
    expect(await server.line(/GET \/graphql 200/)).not.toContain('hunter2')
  })

  it('says 499 when the client went away', async () => {
    const server = await startTestServer()
    const leave = new AbortController()
    const request = fetch(`${server.url}/graphql?query={wait}`, { signal: leave.signal })
    await server.waiting
    leave.abort()
    await expect(request).rejects.toThrow()
    await server.line(/GET \/graphql 499/)
  })

  it.each([true, false])('cannot be forged by a path (production: %s)', async isProduction => {
    const server = await startTestServer({ isProduction })
    await fetch(`${server.url}/%0a%1b[31m\u202eevil`)
    const line = await server.line(/404/)
    expect(server.lines).toHaveLength(1)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
  })

  it.each([true, false])(
    'is one line and no secret, whatever a request holds (production: %s; attack: log injection)',
    async isProduction => {
      const server = await startTestServer({ isProduction })
      const hostile = '\n{"level":"error"}\r\n\u001b[31mred\u001b[0m\u202egnp\u2028\u0085'
      const headers = {
        'X-Request-Id': '\u009b31m hunter2',
        'User-Agent': 'hunter2',
        Authorization: 'Bearer hunter2',
        Cookie: 'session=hunter2',
      }
      await graphqlFetch(
        server.url,
        'query ($name: String) { hello(name: $name) }',
        { name: `${hostile} hunter2` },
        headers,
      )
      await graphqlFetch(
        server.url,
        'query ($name: String) { fault hello(name: $name) }',
        { name: 'hunter2' },
        headers,
      )
      await graphqlFetch(
        server.url,
        `# ${hostile.replaceAll(/[\n\r]/g, '')} hunter2\n{ nothing }`,
        { [hostile]: 'hunter2' },
        headers,
      )
      await fetch(`${server.url}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: 'query A { hello }', operationName: `${hostile} hunter2` }),
      })
      await server.line(/OPERATION_RESOLUTION_FAILURE/)
      expect(server.lines).toHaveLength(5)
      for (const line of server.lines) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/)
        expect(line).not.toContain('hunter2')
        if (isProduction) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) })
      }
    },
  )

  it('clips what is long', async () => {
    const server = await startTestServer({ isProduction: true })
    await graphqlFetch(server.url, `query ${'Long'.repeat(2_000)} { hello }`)
    const line = await server.line(/query Long/)
    expect(line.length).toBeLessThan(1_000)
  })
})
