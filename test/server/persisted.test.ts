import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPersistedDocuments } from '../../src/limits/index.ts'
import { readAnswer } from '../support/http.ts'
import { createProjectFolder } from '../support/project-folder.ts'
import { startTestServer } from './test-server.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hello = 'query Hello($name: String) { hello(name: $name) }'
const count = 'mutation Count { count }'
const invalid = '{ nothing }'
const costly = `{ ${Array.from({ length: 90 }, (_, index) => `a${index}: hello`).join(' ')} }`

const listOf = (texts: readonly string[]) => {
  const list = Object.fromEntries(texts.map(text => [sha256(text), text]))
  const folder = createProjectFolder({ 'documents.json': JSON.stringify(list) })
  return readPersistedDocuments(join(folder, 'documents.json'))
}

async function post(url: string, body: object, headers: Record<string, string> = {}) {
  return readAnswer(
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json',
        ...headers,
      },
      body: JSON.stringify(body),
    }),
  )
}

describe('persisted documents', () => {
  const start = (isOnlyPersisted: boolean) =>
    startTestServer({
      documents: { persisted: listOf([hello, count, invalid, costly]), isOnlyPersisted },
      limits: { cost: 50 },
    })

  it('run by documentId, by POST and by GET', async () => {
    const { url } = await start(true)
    const variables = { name: 'Ada' }
    expect((await post(url, { documentId: sha256(hello), variables })).data).toEqual({ hello: 'Hello Ada' })
    const search = new URLSearchParams({
      documentId: `sha256:${sha256(hello)}`,
      variables: JSON.stringify(variables),
    })
    expect((await readAnswer(await fetch(`${url}/graphql?${search}`))).data).toEqual({ hello: 'Hello Ada' })
  })

  it("run by the hash of Apollo's protocol", async () => {
    const { url } = await start(true)
    const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(hello) } }
    expect((await post(url, { extensions })).data).toEqual({ hello: 'Hello world' })
    const search = new URLSearchParams({ extensions: JSON.stringify(extensions) })
    expect((await readAnswer(await fetch(`${url}/graphql?${search}`))).data).toEqual({ hello: 'Hello world' })
  })

  it('are the only ones that run, where that is set', async () => {
    const server = await start(true)
    for (const query of ['{ hello }', 'mutation { count }', '{', '']) {
      const answer = await post(server.url, { query })
      expect(answer.status).toBe(403)
      expect(answer.errors[0]?.extensions.code).toBe('PERSISTED_DOCUMENT_REQUIRED')
    }
    expect(server.counted()).toBe(0)
    expect((await post(server.url, { documentId: sha256(count) })).data).toEqual({ count: 1 })
  })

  it('leave others alone, where nothing is set', async () => {
    const { url } = await start(false)
    expect((await post(url, { query: '{ hello }' })).status).toBe(200)
  })

  it('are validated, priced and kept from GET like all others', async () => {
    const server = await start(true)
    expect((await post(server.url, { documentId: sha256(invalid) })).errors[0]?.extensions.code).toBe(
      'GRAPHQL_VALIDATION_FAILED',
    )
    expect((await post(server.url, { documentId: sha256(costly) })).errors[0]?.extensions.code).toBe(
      'QUERY_TOO_COSTLY',
    )
    const byGet = await fetch(`${server.url}/graphql?documentId=${sha256(count)}`)
    expect(byGet.status).toBe(405)
    expect(server.counted()).toBe(0)
  })

  it('that are not known are 404', async () => {
    const { url } = await start(false)
    const answer = await post(url, { documentId: 'unknown' })
    expect(answer.status).toBe(404)
    expect(answer.errors[0]?.extensions).toEqual({ code: 'PERSISTED_DOCUMENT_NOT_FOUND' })
  })
})

describe('automatic persisted queries', () => {
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256(hello) } }

  it('are what clients of Apollo and urql expect', async () => {
    const { url } = await startTestServer({ documents: { isAutomatic: true } })
    const first = await post(url, { extensions })
    expect(first.status).toBe(200)
    expect(first.errors).toEqual([
      { message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } },
    ])
    expect((await post(url, { query: hello, extensions })).data).toEqual({ hello: 'Hello world' })
    expect((await post(url, { extensions })).data).toEqual({ hello: 'Hello world' })
  })

  it('are refused with another hash', async () => {
    const { url } = await startTestServer({ documents: { isAutomatic: true } })
    expect((await post(url, { query: '{ hello }', extensions })).status).toBe(400)
  })

  it('are off by default, which clients understand', async () => {
    const { url } = await startTestServer()
    expect((await post(url, { extensions })).errors[0]).toEqual({
      message: 'PersistedQueryNotSupported',
      extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' },
    })
    expect((await post(url, { query: hello, extensions })).status).toBe(200)
  })
})
