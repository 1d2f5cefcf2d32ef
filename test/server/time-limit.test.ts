import { describe, expect, it } from 'vitest'
import { startWork } from '../../src/database/index.ts'
import type { Work } from '../../src/server/index.ts'
import { graphqlFetch } from '../support/http.ts'
import { createTestSchema, startTestServer } from './test-server.ts'

/** Work that notes when it is cancelled. */
function watchWork() {
  const cancelled = { count: 0 }
  let resolve: () => void = () => undefined
  const first = new Promise<void>(done => {
    resolve = done
  })
  const start = (): Work => {
    const work = startWork()
    return {
      run: run => work.run(run),
      cancel() {
        cancelled.count++
        work.cancel()
        resolve()
      },
    }
  }
  return { cancelled, first, start }
}

const never = () => new Promise<never>(() => undefined)

describe('an operation that takes too long', () => {
  it.each(['application/json', 'application/graphql-response+json'])(
    'is answered with TIMEOUT, 503, and its work is cancelled (%s)',
    async accept => {
      const { cancelled, start } = watchWork()
      const { url } = await startTestServer({ operationMilliseconds: 50, startWork: start })
      const answer = await graphqlFetch(url, 'query Slow { wait }', {}, { Accept: accept })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.errors).toEqual([
        {
          message:
            'This operation took longer than 0.05 seconds and was cancelled. Ask for less, or send it again.',
          extensions: { code: 'TIMEOUT' },
        },
      ])
      expect(cancelled.count).toBe(1)
    },
  )

  it('is in the log with its name', async () => {
    const server = await startTestServer({ operationMilliseconds: 50, isProduction: true })
    await graphqlFetch(server.url, 'query Slow { wait }', {}, { 'X-Request-Id': 'trace-1' })
    expect(JSON.parse(await server.line(/was cancelled/))).toMatchObject({
      level: 'warn',
      requestId: 'trace-1',
      operationName: 'Slow',
    })
    expect(JSON.parse(await server.line(/"status":503/))).toMatchObject({ errorCodes: ['TIMEOUT'] })
  })

  it('leaves those alone that are in time, and their work', async () => {
    const { cancelled, start } = watchWork()
    const { url } = await startTestServer({ startWork: start })
    expect(await graphqlFetch(url, '{ hello }')).toMatchObject({ status: 200 })
    expect(await graphqlFetch(url, '{ fault }')).toMatchObject({ status: 500 })
    expect(cancelled.count).toBe(0)
  })

  it('may take as long as it likes, where there is no limit', async () => {
    const server = await startTestServer({ operationMilliseconds: 0 })
    const running = graphqlFetch(server.url, '{ wait }')
    await server.waiting
    server.release()
    expect(await running).toMatchObject({ status: 200, data: { wait: 'waited' } })
  })

  it('gives its mutation a moment to say what it had written already', async () => {
    const schema = createTestSchema({
      'Mutation.count': async () => {
        await cancelling.first
        return 7
      },
    })
    const cancelling = watchWork()
    const { url } = await startTestServer({ schema, operationMilliseconds: 50, startWork: cancelling.start })
    expect(await graphqlFetch(url, 'mutation { count }')).toMatchObject({ status: 200, data: { count: 7 } })
  })

  it('waits no longer for its mutation than that', async () => {
    const { url } = await startTestServer({
      schema: createTestSchema({ 'Mutation.count': never }),
      operationMilliseconds: 50,
    })
    expect(await graphqlFetch(url, 'mutation { count }')).toMatchObject({ status: 503, data: undefined })
  })

  it('is not told what went wrong while it was cancelled', async () => {
    const watch = watchWork()
    const server = await startTestServer({
      schema: createTestSchema({
        'Query.wait': async () => {
          await watch.first
          throw new Error('canceling statement due to user request')
        },
      }),
      operationMilliseconds: 50,
      startWork: watch.start,
    })
    const answer = await graphqlFetch(server.url, '{ wait }')
    expect(answer.errors.map(({ extensions }) => extensions.code)).toEqual(['TIMEOUT'])
    expect(server.lines.join('\n')).not.toContain('canceling')
  })
})

describe('an operation whose client goes away', () => {
  it('is cancelled', async () => {
    const { cancelled, first, start } = watchWork()
    const server = await startTestServer({ startWork: start })
    const leave = new AbortController()
    const request = fetch(`${server.url}/graphql?query={wait}`, { signal: leave.signal })
    await server.waiting
    expect(cancelled.count).toBe(0)
    leave.abort()
    await expect(request).rejects.toThrow()
    await first
    expect(await server.line(/499/)).toContain('query (unnamed)')
    expect(server.lines.filter(line => /error/i.test(line))).toEqual([])
  })
})
