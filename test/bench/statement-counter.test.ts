import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createMessageReader,
  type StatementCounter,
  startStatementCounter,
} from '../../bench/compare/measure/statement-counter.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let counter: StatementCounter
let client: pg.Client

beforeAll(async () => {
  database = await createTestDatabase()
  counter = await startStatementCounter(database.url)
  client = new pg.Client({ connectionString: counter.url })
  await client.connect()
})

afterAll(async () => {
  await client.end()
  await counter.close()
  await database.drop()
})

test('statements are counted as often as they run, with their texts', async () => {
  counter.take()
  const { rows } = await client.query('SELECT 1 AS one')
  expect(rows).toEqual([{ one: 1 }])
  expect(counter.take()).toEqual(['SELECT 1 AS one'])

  await client.query('BEGIN')
  await client.query('SELECT $1::int', [1])
  await client.query('COMMIT')
  expect(counter.take()).toEqual(['BEGIN', 'SELECT $1::int', 'COMMIT'])

  // A prepared statement is parsed once, and run as often as it is asked for.
  const prepared = { name: 'two', text: 'SELECT $1::int + 2' }
  await client.query({ ...prepared, values: [1] })
  await client.query({ ...prepared, values: [2] })
  expect(counter.take()).toEqual([prepared.text, prepared.text])
  expect(counter.take()).toEqual([])
})

test('messages are read in whatever pieces they come', () => {
  const message = (letter: string, body: string) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(body.length + 4)
    return Buffer.concat([Buffer.from(letter), length, Buffer.from(body)])
  }
  const sent = Buffer.concat([
    message('', '\0\0\0\0'), // a request for TLS is as long as this, and comes ahead of the start
    message('', '\0\x03\0\0user\0postgres\0\0'),
    message('P', 's1\0SELECT 1\0\0\0'),
    message('B', 'p1\0s1\0\0\0\0\0\0\0'),
    message('E', 'p1\0\0\0\0\0'),
    message('S', ''),
    message('Q', 'SELECT 2\0'),
  ])
  for (const size of [1, 7, sent.length]) {
    const statements: string[] = []
    const read = createMessageReader(text => statements.push(text))
    for (let from = 0; from < sent.length; from += size) read(sent.subarray(from, from + size))
    expect(statements).toEqual(['SELECT 1', 'SELECT 2'])
  }
})
