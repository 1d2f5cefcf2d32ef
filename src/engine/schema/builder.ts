import SchemaBuilder, { type ObjectRef } from '@pothos/core'
import PrismaPlugin, { type PrismaModelTypes } from '@pothos/plugin-prisma'
import RelayPlugin from '@pothos/plugin-relay'
import type { ChangeFeed } from '../changes/change-feed.ts'
import type { Datamodel, Model } from '../datamodel/model.ts'
import type { EventBus } from '../events/event-bus.ts'
import type { DatabaseClient, Row } from '../operations/client.ts'
import type { EngineSettings, Scope } from '../operations/scope.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import type { GeneratedFields } from './generated-fields.ts'
import type { ScalarShapes } from './scalar-shapes.ts'
import type { TypeNames } from './type-names.ts'

/** What a resolver gets as its context: the request's scope beside what the server adds. */
export interface EngineContext {
  readonly refract: Scope
  readonly http: unknown
  /** Where changes come from; a function of the engine, not of the request. */
  readonly changes: ChangeFeed
  /** Events of the project's own. */
  readonly events: EventBus
}

/** The types of a builder over models that are only known when it runs. */
export interface EngineTypeParameters {
  Context: EngineContext
  Scalars: ScalarShapes
  PrismaTypes: Record<string, PrismaModelTypes & { Shape: Row }>
  DefaultFieldNullability: false
}

export type EngineTypes = PothosSchemaTypes.ExtendDefaultTypes<EngineTypeParameters>

export function createBuilder(pothosDatamodel: unknown) {
  return new SchemaBuilder<EngineTypeParameters>({
    plugins: [RelayPlugin, PrismaPlugin],
    defaultFieldNullability: false,
    prisma: {
      client: context => context.refract.database as DatabaseClient & { $connect(): Promise<void> },
      dmmf: pothosDatamodel as { datamodel: unknown },
      exposeDescriptions: false,
    },
    relay: {
      idFieldName: 'nodeId',
      nodeQueryOptions: false,
      nodesQueryOptions: false,
      clientMutationId: 'omit',
      cursorType: 'String',
    },
  })
}

export type EngineBuilder = ReturnType<typeof createBuilder>

/** What the functions that build the schema share. */
export interface SchemaBuild {
  readonly builder: EngineBuilder
  readonly datamodel: Datamodel
  readonly policies: PolicySet
  readonly settings: EngineSettings
  readonly names: TypeNames
  /** Types made on first use, by name, so that circular types need no order. */
  readonly types: Map<string, unknown>
  readonly generated: GeneratedFields
  /** The object type of a model. Here and not imported, since objects and connections need one another. */
  readonly rowRef: (model: Model) => RowRef
}

/**
 * The type of the name, made on first use. `implement` is called when the type is already known: Pothos reads the fields
 * of a type that is made while the schema is put together at once, and they can lead back to it.
 */
export function once<Type>(
  build: SchemaBuild,
  name: string,
  create: (name: string) => Type,
  implement?: (type: Type) => void,
): Type {
  const existing = build.types.get(name)
  if (existing !== undefined) return existing as Type
  const type = create(name)
  build.types.set(name, type)
  implement?.(type)
  return type
}

/** An object type over values of a shape of ours, made once for each name. */
export function objectType<Shape>(
  build: SchemaBuild,
  typeName: string,
  options: Omit<PothosSchemaTypes.ObjectTypeOptions<EngineTypes, Shape>, 'name'>,
): ObjectRef<EngineTypes, Shape> {
  return once(
    build,
    typeName,
    name => build.builder.objectRef<Shape>(name),
    ref =>
      build.builder.objectType(ref, {
        ...options,
        ...(options.fields ? { fields: build.generated.noting(typeName, options.fields) } : {}),
      } as never),
  )
}

/** The object type of a model; its values are rows. */
export type RowRef = ObjectRef<EngineTypes, Row>
