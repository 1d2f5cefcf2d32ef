import fc from 'fast-check'
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredInputField,
  isSpecifiedScalarType,
  isUnionType,
  printSchema,
  validateSchema,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createEngine,
  createViewer,
  type Engine,
  type Policy,
  type Viewer,
} from '../../../src/engine/index.ts'
import type { ModelPolicy } from '../../../src/engine/policy/policy.ts'
import { loadProject, openProject } from '../../../src/project/index.ts'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { policy } from './shop.ts'

const all = { read: true, create: true, update: true, delete: true } as const

describe('the schema of a viewer', () => {
  let library: TestEngine
  let engineUnder: (policies: readonly Policy[]) => Engine
  beforeAll(async () => {
    library = await createTestEngine({ project: fixture('library') })
    const loaded = await loadProject(openProject(fixture('library')))
    engineUnder = policies => createEngine({ ...loaded, config: { policies }, client: library.client })
  })
  const schemaUnder = (policies: readonly Policy[]) =>
    engineUnder(policies).schemaFor(createViewer({ id: 'one', roles: [] }))
  afterAll(() => library.close())

  test('has no create where the row must have what cannot be given', () => {
    const underBook = (rules: ModelPolicy) =>
      schemaUnder([policy('Author', all), policy('Review', all), policy('Book', { ...all, ...rules })])
    const namesOf = (schema: GraphQLSchema) => Object.keys(schema.getTypeMap())
    expect(namesOf(underBook({}))).toEqual(
      expect.arrayContaining([
        'BookCreateInput',
        'BookCreateWithoutAuthorInput',
        'BookUpsertWithoutAuthorInput',
      ]),
    )
    const untitled = underBook({ fields: { title: { create: false } } })
    expect(
      namesOf(untitled).filter(name => /^Book(Create(Without|Input)|ConnectOrCreate|Upsert)/.test(name)),
    ).toEqual([])
    const mutations = untitled.getMutationType()?.getFields() ?? {}
    expect(mutations).not.toHaveProperty('createBook')
    expect(mutations).not.toHaveProperty('upsertBook')
    expect(mutations).toHaveProperty('updateBook')
    // an author that may not be given is not given by the author around the book either
    const nested = namesOf(underBook({ fields: { authorId: { create: false }, author: { create: false } } }))
    expect(nested).not.toContain('BookCreateInput')
    expect(nested).not.toContain('BookCreateWithoutAuthorInput')
  })

  test('has a create where the policy itself gives what the row must have', () => {
    const rules = { ...all, presets: { create: ({ id }: Viewer) => ({ authorId: id, title: 'New' }) } }
    const schema = schemaUnder([policy('Book', rules)])
    expect(schema.getMutationType()?.getFields()).toHaveProperty('createBook')
    const input = schema.getType('BookCreateInput')
    const names = isInputObjectType(input) ? Object.keys(input.getFields()) : []
    expect(names).toContain('isbn')
    expect(names).not.toContain('authorId')
    expect(names).not.toContain('title')
  })

  test('is valid, can be used and has nothing that nothing leads to, whatever the policies', () => {
    let denied: ReadonlySet<string> = new Set()
    const rule = (name: string) => () => !denied.has(name)
    const { models } = library.engine.datamodel
    const rules = models.map(model => ({
      operations: ['read', 'create', 'update', 'delete'].map(operation => `${model.name}.${operation}`),
      fields: model.fields
        .filter(({ name }) => !model.primaryKey?.fields.includes(name))
        .map(({ name }) => `${model.name}.${name}`),
    }))
    const policies = models.map((model, index) =>
      policy(model.name, {
        ...Object.fromEntries(rules[index]?.operations.map(name => [name.split('.')[1], rule(name)]) ?? []),
        fields: Object.fromEntries(
          rules[index]?.fields.map(name => [
            name.split('.')[1],
            { read: rule(`${name}.read`), create: rule(`${name}.create`), update: rule(`${name}.update`) },
          ]) ?? [],
        ),
      }),
    )
    const engine = engineUnder(policies)
    const names = rules.flatMap(({ operations, fields }) => [
      ...operations,
      ...fields.flatMap(name => ['read', 'create', 'update'].map(operation => `${name}.${operation}`)),
    ])
    let asked = 0
    fc.assert(
      fc.property(fc.subarray(names), choice => {
        denied = new Set(choice)
        // each time another viewer, since a viewer keeps a schema for a while
        const schema = engine.schemaFor(createViewer({ id: `viewer-${asked++}`, roles: [] }))
        // printed and read again, since a schema that is made of a valid one is not checked by itself
        expect(validateSchema(buildSchema(printSchema(schema)))).toEqual([])
        expect(unreached(schema)).toEqual([])
        expect(unfillable(schema)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

/** The types that no field, argument, union, interface or implementation leads to from the roots. */
function unreached(schema: GraphQLSchema): readonly string[] {
  const reached = new Set<GraphQLNamedType>()
  const reach = (type: GraphQLNamedType): void => {
    if (reached.has(type)) return
    reached.add(type)
    for (const next of leadsTo(schema, type)) reach(next)
  }
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    if (root) reach(root)
  return Object.values(schema.getTypeMap())
    .filter(type => !reached.has(type) && !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .map(({ name }) => name)
}

function leadsTo(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  if (isUnionType(type)) return type.getTypes()
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(field => getNamedType(field.type))
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  const fields = Object.values(type.getFields())
  return [
    ...(isInterfaceType(type) ? schema.getImplementations(type).objects : []),
    ...type.getInterfaces(),
    ...fields.flatMap(field => [field, ...field.args].map(part => getNamedType(part.type))),
  ]
}

/** The input types and enums of which no value can be written down: least fixed point of those of which one can. */
function unfillable(schema: GraphQLSchema): readonly string[] {
  const types = Object.values(schema.getTypeMap()).filter(type => isInputObjectType(type) || isEnumType(type))
  const fillable = new Set<GraphQLNamedType>()
  for (let before = -1; before !== fillable.size; ) {
    before = fillable.size
    for (const type of types) {
      if (isEnumType(type) ? type.getValues().length > 0 : canFill(type, fillable)) fillable.add(type)
    }
  }
  return types.filter(type => !fillable.has(type)).map(({ name }) => name)
}

function canFill(type: GraphQLNamedType, fillable: ReadonlySet<GraphQLNamedType>): boolean {
  if (!isInputObjectType(type)) return true
  const has = (field: { readonly type: Parameters<typeof getNamedType>[0] }) => {
    const named = getNamedType(field.type)
    return !(isInputObjectType(named) || isEnumType(named)) || fillable.has(named)
  }
  const fields = Object.values(type.getFields())
  return fields.filter(isRequiredInputField).every(has) && fields.some(has)
}
