import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  graphqlSync,
  isInputObjectType,
  validateSchema,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { printApi } from '../../../src/cli/print-api.ts'
import { createEngine } from '../../../src/engine/index.ts'
import { generateProject, loadProject, openProject } from '../../../src/project/index.ts'
import { fixture } from '../../support/engine.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** The API of a project; nothing is asked of it, so it has no database. */
async function schemaOf(folder: string): Promise<GraphQLSchema> {
  const project = openProject(folder)
  await generateProject(project)
  return createEngine({ ...(await loadProject(project)), client: {} }).schema
}

describe('the printed API', () => {
  test('of a small schema is what it was', { timeout: 60_000 }, async () => {
    const text = printApi(await schemaOf(fixture('small')))
    await expect(text).toMatchFileSnapshot(`${fixture('small')}/api.snap`)
  })

  test('of this application is schema.graphql; refract generate writes it', { timeout: 60_000 }, async () => {
    const text = printApi(await schemaOf(root))
    const isCurrent = readFileSync(`${root}/schema.graphql`, 'utf8') === text
    expect(isCurrent, 'schema.graphql is of an earlier schema: run npx refract generate').toBe(true)
  })

  test.each(['wide', 'names'])(
    'of the schema %s is valid and can be asked for',
    { timeout: 60_000 },
    async name => {
      const schema = await schemaOf(fixture(name))
      expect(validateSchema(schema)).toEqual([])
      expect(validateSchema(buildSchema(printApi(schema)))).toEqual([])
      const { data, errors } = graphqlSync({
        schema,
        source: getIntrospectionQuery({ inputValueDeprecation: true }),
      })
      expect(errors).toBeUndefined()
      expect((data?.__schema as { types: unknown[] } | undefined)?.types.length).toBe(
        Object.keys(schema.getTypeMap()).length,
      )
      const oneOfs = Object.values(schema.getTypeMap()).filter(
        type => isInputObjectType(type) && type.isOneOf,
      )
      expect(oneOfs.length).toBeGreaterThan(10)
    },
  )
})
