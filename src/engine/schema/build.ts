import type { GraphQLSchema } from 'graphql'
import type { Datamodel } from '../datamodel/model.ts'
import type { EngineSettings } from '../operations/scope.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import { createBuilder, type EngineBuilder, type SchemaBuild } from './builder.ts'
import { connectionRef } from './connections.ts'
import { selectForCustomFields } from './custom-fields.ts'
import { createExtensionTools, type ExtensionTools } from './extension-tools.ts'
import { filterInput } from './filters.ts'
import { createGeneratedFields, type GeneratedFields } from './generated-fields.ts'
import { addMutations } from './mutations.ts'
import { addNodeQueries } from './node-queries.ts'
import { objectRef } from './objects.ts'
import { orderInput } from './orderings.ts'
import { describeForPothos } from './pothos-datamodel.ts'
import { addQueries } from './queries.ts'
import { addScalars } from './scalars.ts'
import { addSubscriptions } from './subscriptions.ts'
import { createTypeNames } from './type-names.ts'
import { addViewerQuery } from './viewer-query.ts'

export interface BuildOptions {
  readonly datamodel: Datamodel
  /** What the `prisma-pothos-types` generator made: `getDatamodel()`. */
  readonly pothosDatamodel: unknown
  readonly policies: PolicySet
  readonly settings: EngineSettings
  /** Adds the project's own types and fields. */
  readonly extend: (builder: EngineBuilder, tools: ExtensionTools) => void
}

export interface BuiltSchema {
  readonly schema: GraphQLSchema
  /** Whether the field of an object type is one of ours, and not of an extension. */
  readonly isGenerated: GeneratedFields['has']
}

/** The GraphQL schema of a datamodel. */
export function buildSchema({
  datamodel,
  pothosDatamodel,
  policies,
  settings,
  extend,
}: BuildOptions): BuiltSchema {
  const builder = createBuilder(describeForPothos(datamodel, pothosDatamodel))
  const build: SchemaBuild = {
    builder,
    datamodel,
    policies,
    settings,
    names: createTypeNames(datamodel),
    types: new Map(),
    generated: createGeneratedFields(),
    rowRef: model => objectRef(build, model),
  }
  addScalars(builder)
  // Each type is known before the fields of another lead to it: made inside of one another, the types of a large schema
  // would be deeper than the stack.
  for (const model of datamodel.models) {
    filterInput(build, model)
    orderInput(build, model)
    objectRef(build, model)
    connectionRef(build, model)
  }
  addQueries(build)
  addNodeQueries(build)
  addViewerQuery(build)
  addMutations(build)
  addSubscriptions(build)
  extend(builder, createExtensionTools(build))
  // fields in the order of the Prisma schema, as its author meant them to be read
  const schema = builder.toSchema({ sortSchema: false })
  selectForCustomFields(schema, policies.datamodel)
  return { schema, isGenerated: build.generated.has }
}
