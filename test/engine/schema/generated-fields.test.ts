import { fileURLToPath } from 'node:url'
import { type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import { expect, test } from 'vitest'
import { createDatamodel, type DatamodelDescription } from '../../../src/engine/index.ts'
import { createSettings } from '../../../src/engine/operations/create-settings.ts'
import { createPolicySet } from '../../../src/engine/policy/policy-set.ts'
import { buildSchema } from '../../../src/engine/schema/build.ts'
import type { EngineBuilder } from '../../../src/engine/schema/builder.ts'
import { generateProject, loadProject, openProject } from '../../../src/project/index.ts'
import { fixture } from '../../support/engine.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

async function build(folder: string, extend: (builder: EngineBuilder) => void = () => undefined) {
  const project = openProject(folder)
  await generateProject(project)
  const loaded = await loadProject(project)
  const datamodel = createDatamodel(loaded.datamodel as DatamodelDescription)
  return buildSchema({
    ...{ datamodel, extend, pothosDatamodel: loaded.pothosDatamodel },
    ...{ policies: createPolicySet(datamodel, []), settings: createSettings({}) },
  })
}

/** The fields of objects that a subscription can ask for, as names of types and fields. */
function reachableFields(schema: GraphQLSchema): readonly (readonly [typeName: string, fieldName: string])[] {
  const types = new Set([schema.getSubscriptionType()])
  // the set grows while it is walked
  for (const type of types) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const target = getNamedType(field.type)
      if (isObjectType(target)) types.add(target)
    }
  }
  return [...types].flatMap(type =>
    Object.keys(type?.getFields() ?? {}).map(name => [type?.name ?? '', name] as const),
  )
}

test.each([['the example', root], ...['wide', 'names'].map(name => [name, fixture(name)] as const)] as const)(
  'all that subscriptions can ask for in a schema without extensions is generated: %s',
  async (_name, folder) => {
    const { schema, isGenerated } = await build(folder)
    const fields = reachableFields(schema)
    expect(fields.length).toBeGreaterThan(50)
    expect(fields.filter(field => !isGenerated(...field))).toEqual([])
  },
)

test('what an extension adds is its own, to whichever type', async () => {
  const { schema, isGenerated } = await build(root, builder => {
    builder.prismaObjectField('Issue', 'shout', t => t.string({ resolve: () => 'A' }))
    builder.objectField(builder.pageInfoRef() as never, 'size', t => t.int({ resolve: () => 1 }))
    const tick = builder.objectRef<string>('Tick')
    builder.objectType(tick, { fields: t => ({ at: t.string({ resolve: at => at }) }) })
    builder.subscriptionField('ticked', t =>
      t.field({
        type: tick,
        subscribe: async function* () {
          yield 'now'
        },
        resolve: at => String(at),
      }),
    )
  })
  const own = reachableFields(schema).filter(field => !isGenerated(...field))
  expect(own.map(([type, field]) => `${type}.${field}`).toSorted()).toEqual([
    ...['Issue.shout', 'PageInfo.size', 'Subscription.ticked', 'Tick.at'],
  ])
})
