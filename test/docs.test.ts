import { readdirSync, readFileSync } from 'node:fs'
import { type GraphQLEnumType, GraphQLObjectType, parse, validate } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { variableNames } from '../src/config.ts'
import { errorCatalogue } from '../src/errors.ts'
import { createCostMeter, defaultRequestLimits } from '../src/limits/index.ts'
import { createTestEngine, type TestEngine } from './support/engine.ts'

const read = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')

describe('The docs', () => {
  let api: TestEngine
  beforeAll(async () => {
    api = await createTestEngine()
  })
  afterAll(() => api.close())

  test.each(Object.entries(errorCatalogue))(
    'explain the error code %s with its status',
    (code, { status }) => {
      const line = read('errors.md')
        .split('\n')
        .find(text => text.includes(`\`${code}\``) && text.includes(String(status)))
      expect(line).toBeDefined()
    },
  )

  test('explain every type and code of mutation errors', () => {
    const text = read('errors.md')
    const types = Object.values(api.engine.schema.getTypeMap())
      .filter(type => type instanceof GraphQLObjectType)
      .filter(type => type.getInterfaces().some(({ name }) => name === 'MutationError'))
    const codes = api.engine.schema.getType('ErrorCode') as GraphQLEnumType
    expect(types).toHaveLength(8)
    for (const { name } of [...types, ...codes.getValues()]) expect(text).toContain(`\`${name}\``)
  })

  test.each(variableNames)('explain the variable %s', name => {
    expect(read('configuration.md')).toContain(`\`${name}\``)
  })

  test.each(Object.entries(defaultRequestLimits))('explain the limit %s of a request, %d', (name, value) => {
    const written = value.toLocaleString('en').replaceAll(',', '_')
    expect(read('limits.md')).toContain(`| \`${name}\` | \`${written}\` |`)
  })

  test('work out the cost of their example as the server does', () => {
    const [, query = ''] =
      /## The cost of an operation[\s\S]*?```graphql\n([\s\S]*?)```/.exec(read('limits.md')) ?? []
    const schema = api.engine.schema
    const document = parse(query)
    expect(validate(schema, document)).toEqual([])
    const cost = createCostMeter(api.engine.settings)({ schema, document })
    expect(read('limits.md')).toContain(`"requested": ${cost}, "maximum": ${defaultRequestLimits.cost} }`)
  })

  test('link to what is there', () => {
    const files = readdirSync(new URL('../docs', import.meta.url)).filter(name => name.endsWith('.md'))
    const broken = ['../README.md', ...files].flatMap(file =>
      [...read(file).matchAll(/\]\((?:docs\/)?(\w[\w-]*\.md)?#([\w-]+)\)/g)].flatMap(
        ([link, target = file, anchor = '']) =>
          anchorsOf(target).includes(anchor) ? [] : [`${file}: ${link}`],
      ),
    )
    expect(broken).toEqual([])
  })

  test('explain every limit that refract.config.ts can set', () => {
    const text = read('configuration.md')
    for (const [name, value] of Object.entries(api.engine.settings)) {
      expect(text, name).toContain(`\`${name}\``)
      expect(text, name).toMatch(
        new RegExp(`${name}[^\\n]*${value.toLocaleString('en').replace(',', '[,_ ]?')}`),
      )
    }
  })
})

/** As GitHub makes them of headings. */
function anchorsOf(name: string): string[] {
  return [...read(name).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}
