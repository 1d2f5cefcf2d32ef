import { describe, expect, it } from 'vitest'
import { RefractError } from '../../src/errors.ts'
import { graphqlFetch, readAnswer } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

const secrets = /srv|secret|hunter2|prisma|TypeError|ECONN|P1001|db:5432|stack|node_modules/i

describe('errors in production', () => {
  it('masks what nobody meant for the client, and logs it under the id that the client gets', async () => {
    const server = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(server.url, 'query Broken { fault }')
    expect(answer).toMatchObject({ status: 500, data: null })
    expect(answer.errors).toEqual([
      {
        message: 'Internal server error',
        path: ['fault'],
        locations: [{ line: 1, column: 16 }],
        extensions: { code: 'INTERNAL', id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ])
    const id = String(answer.errors[0]?.extensions.id)
    const logged = JSON.parse(await server.line(new RegExp(`"errorId":"${id}"`)))
    expect(logged).toMatchObject({
      level: 'error',
      err: {
        name: 'TypeError',
        message: 'cannot read /srv/app/secret.ts',
        stack: expect.stringContaining('at '),
      },
    })
    const access = JSON.parse(await server.line(new RegExp(`"errorIds":\\["${id}"\\]`)))
    expect(access).toMatchObject({ operationName: 'Broken', status: 500, errorCodes: ['INTERNAL'] })
  })

  it.each(['fault', 'nullableFault', 'prismaFault', 'unreachable', 'statementTimeout', 'wrongType'])(
    'tells nothing of the inside: %s (attack: error leaks)',
    async field => {
      const { url } = await startTestServer({ isProduction: true })
      const answer = await graphqlFetch(url, `{ ${field} }`)
      expect(answer.errors).toHaveLength(1)
      expect(answer.errors[0]?.message).not.toMatch(secrets)
      expect(JSON.stringify(answer.errors[0]?.extensions)).not.toMatch(secrets)
    },
  )

  it('keeps the arguments of a failed call out of the log', async () => {
    const server = await startTestServer({ isProduction: true })
    await graphqlFetch(server.url, '{ prismaFault }')
    const line = await server.line(/"level":"error"/)
    expect(line).toContain('Unknown argument `password`.')
    expect(server.lines.join('\n')).not.toContain('hunter2')
  })

  it.each([
    ['unreachable', 'UNAVAILABLE'],
    ['statementTimeout', 'TIMEOUT'],
  ])('answers %s with 503, a code and when to come again', async (field, code) => {
    const { url } = await startTestServer({ isProduction: true })
    for (const accept of ['application/graphql-response+json', 'application/json']) {
      const answer = await graphqlFetch(url, `{ ${field} }`, {}, { Accept: accept })
      expect(answer.status).toBe(503)
      expect(answer.headers.get('retry-after')).toBe('1')
      expect(answer.errors[0]?.extensions.code).toBe(code)
    }
  })

  it('answers a failing context like any fault', async () => {
    const { url } = await startTestServer({
      isProduction: true,
      createContext: () => {
        throw new Error('secret')
      },
    })
    const answer = await graphqlFetch(url, '{ hello }')
    expect(answer.status).toBe(500)
    expect(answer.errors).toMatchObject([
      { message: 'Internal server error', extensions: { code: 'INTERNAL' } },
    ])
  })

  it('answers a context that refuses with its refusal', async () => {
    const { url } = await startTestServer({
      isProduction: true,
      createContext: () => {
        throw new RefractError('FORBIDDEN', 'Not you.')
      },
    })
    const answer = await graphqlFetch(url, '{ hello }')
    expect(answer.status).toBe(403)
    expect(answer.errors).toMatchObject([{ message: 'Not you.', extensions: { code: 'FORBIDDEN' } }])
  })

  it('answers 200 where a part of the data is there', async () => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, '{ hello nullableFault }')
    expect(answer).toMatchObject({ status: 200, data: { hello: 'Hello world', nullableFault: null } })
    expect(answer.errors[0]?.extensions).toEqual({ code: 'INTERNAL', id: expect.any(String) })
  })
})

describe('errors that clients are meant to see', () => {
  it('pass with code, details and status', async () => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, '{ notFound }')
    expect(answer.status).toBe(404)
    expect(answer.errors).toMatchObject([
      {
        message: 'There is no such row.',
        path: ['notFound'],
        extensions: { code: 'NOT_FOUND', model: 'Issue' },
      },
    ])
  })

  it('are 200 for application/json, where the request itself is well formed', async () => {
    const { url } = await startTestServer({ isProduction: true })
    for (const document of ['{ notFound }', '{ nothing }', '{']) {
      const answer = await graphqlFetch(url, document, {}, { Accept: 'application/json' })
      expect(answer.status).toBe(200)
    }
  })

  it('pass when an extension threw them as GraphQLErrors', async () => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, '{ graphqlError }')
    expect(answer.errors).toMatchObject([
      { message: 'Only on weekdays.', extensions: { code: 'CLOSED_TODAY' } },
    ])
  })

  it.each([
    ['{', 'GRAPHQL_PARSE_FAILED'],
    ['{ nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ sum(of: ["a"]) }', 'GRAPHQL_VALIDATION_FAILED'],
    ['query A { hello } query B { hello }', 'OPERATION_RESOLUTION_FAILURE'],
  ])('have a code: %s', async (document, code) => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, document)
    expect(answer.status).toBe(400)
    expect(answer.errors.map(error => error.extensions.code)).toEqual([code])
  })

  it.each([[['a']], [[3_000_000_000]], [null], [undefined]])('refuse the variable %j as input', async of => {
    const { url } = await startTestServer({ isProduction: true })
    const answer = await graphqlFetch(url, 'query($of: [Int!]!) { sum(of: $of) }', { of })
    expect(answer.status).toBe(400)
    expect(answer.errors[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT' })
    expect(answer.errors[0]?.message).toContain('$of')
  })
})

describe('errors in development', () => {
  it('show the message, without the source that Prisma quotes', async () => {
    const { url } = await startTestServer()
    expect((await graphqlFetch(url, '{ fault }')).errors[0]?.message).toBe('cannot read /srv/app/secret.ts')
    expect((await graphqlFetch(url, '{ prismaFault }')).errors[0]?.message).toBe(
      'Unknown argument `password`.',
    )
  })
})

describe('access for nobody', () => {
  it('answers every operation with 403, says which setting opens it, and warns at start', async () => {
    const server = await startTestServer({
      isProduction: true,
      access: 'nobody',
      accessSetting: 'REFRACT_ACCESS=everyone',
    })
    expect(await server.line(/"level":"warn"/)).toContain('REFRACT_ACCESS=everyone')
    for (const document of ['{ hello }', 'mutation { count }', '{ __schema { description } }', '{']) {
      const answer = await graphqlFetch(server.url, document, {}, { Accept: 'application/json' })
      expect(answer.status).toBe(403)
      expect(answer.data).toBeUndefined()
      expect(answer.errors).toMatchObject([
        { message: expect.stringContaining('REFRACT_ACCESS=everyone'), extensions: { code: 'FORBIDDEN' } },
      ])
    }
    const byGet = await readAnswer(await fetch(`${server.url}/graphql?query={hello}`))
    expect(byGet.status).toBe(403)
    expect(server.counted()).toBe(0)
  })

  it('leaves the health checks open', async () => {
    const { url } = await startTestServer({ isProduction: true, access: 'nobody' })
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  })
})
