import { GraphQLError, parse } from 'graphql'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WorkCancelled } from '../../../src/database/work.ts'
import { createOrdinaryWay } from '../../../src/engine/compiled/ordinary-way.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'

const failed = { errors: [new GraphQLError('It has failed.')] }
const withCode = (message: string, code: string) => Object.assign(new Error(message), { code })

describe('why resolvers answered', () => {
  const heard: string[] = []
  const ordinary = createOrdinaryWay((_, kind) => heard.push(kind))
  const args = () => ({ schema: {} as never, document: parse('{ a }') })
  beforeEach(() => {
    heard.length = 0
  })

  async function kindOf(reason: unknown, result: object): Promise<string | undefined> {
    const given = args()
    ordinary.giveUp(reason, given)
    expect(await ordinary.run(given, async () => result)).toBe(result)
    return heard.pop()
  }

  it.each([
    ['what PostgreSQL does not understand', withCode('syntax error', '42601')],
    ['what it does not find', withCode('there is no such setting', '42704')],
    ['an error without a code', new Error('There are no arguments.')],
  ])('is a fault where it is %s, unless they fail as well', async (_, reason) => {
    expect(await kindOf(reason, { data: {} })).toBe('fault')
    expect(await kindOf(reason, failed)).toBe('database')
  })

  it('is a fault where JavaScript says so, whatever they answered', async () => {
    expect(await kindOf(new TypeError('undefined is not a function'), failed)).toBe('fault')
    expect(await kindOf('a text', failed)).toBe('fault')
  })

  it('is the database where its connection breaks, or nobody waits', async () => {
    for (const code of ['08006', '57P01', '53300', 'ECONNRESET'])
      expect(await kindOf(withCode('It broke.', code), { data: {} })).toBe('database')
    expect(await kindOf(new WorkCancelled(), { data: {} })).toBe('database')
  })

  it('is not asked where they were the only way', async () => {
    await ordinary.run(args(), async () => failed)
    expect(heard).toEqual([])
  })
})

describe('why resolvers answered queries of the fixture wide', () => {
  const heard: string[] = []
  let api: TestEngine
  beforeAll(async () => {
    api = await createTestEngine({
      project: fixture('wide'),
      config: {},
      reads: 'compiled',
      onOrdinary: (_, kind) => heard.push(kind),
    })
    await api.sql(`INSERT INTO thing (id, name, code, ratio) VALUES (1, 'a', 'a', 'NaN')`)
  }, 60_000)
  afterAll(() => api?.close())
  beforeEach(() => {
    heard.length = 0
  })

  it.each([
    ['not_compilable', '{ oddities { nodes { clock } } }'],
    ['input', '{ things(first: -1) { nodes { id } } }'],
    ['unprintable', '{ things { nodes { ratio } } }'],
    ['database', '{ boxes { nodes { title } } }'],
  ])('are told: %s', async (kind, query) => {
    if (kind === 'database') await api.sql('ALTER TABLE box DROP COLUMN title')
    await api.query(query)
    expect(heard).toEqual([kind])
  })

  it.each([
    '{ things { nodes { name } } }',
    '{ oddities { groupBy(by: [id], having: { sum: { money: { notIn: ["1"] } } }) { count } } }',
  ])('are none where they were not asked: %s', async query => {
    expect((await api.query(query)).errors).toBeUndefined()
    expect(heard).toEqual([])
  })
})
