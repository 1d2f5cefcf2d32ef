import type { InputFieldRef, InputObjectRef, ObjectRef } from '@pothos/core'
import type { PrismaModelTypes } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { EventBus } from './events/event-bus.ts'
import type { DatabaseClient, Row, Where } from './operations/client.ts'
import type { EngineSettings, Scope } from './operations/scope.ts'
import type { WriteError } from './operations/write/write-error.ts'
import type { ModelPolicy, Policy } from './policy/policy.ts'
import type { Viewer } from './policy/viewer.ts'
import type { EngineTypeParameters } from './schema/builder.ts'
import type { ConnectionSource } from './schema/connection-source.ts'
import type { ExtensionTools } from './schema/extension-tools.ts'
import type { Payload } from './schema/payloads.ts'
import type { ScalarShapes } from './schema/scalar-shapes.ts'

/**
 * Filled in by what `refract generate` writes for a project (`register.d.ts`), so that its configuration is typed by
 * its own Prisma schema.
 */
// biome-ignore lint/suspicious/noEmptyInterface: module augmentation adds its members
export interface Register {}

type Registered<Key extends string, Otherwise> = Register extends Record<Key, infer Value> ? Value : Otherwise

/** The project's generated Prisma client. */
export type ProjectClient = Registered<'client', DatabaseClient>

/** The project's models, as Pothos knows them. */
export type ProjectPrismaTypes = Registered<'prismaTypes', Record<string, PrismaModelTypes>>

/** The project's viewer: more than `Viewer` where it registers a type of its own. */
export type ProjectViewer = Registered<'viewer', Viewer>

/** The events that the project publishes: their payloads, by name. */
export type ProjectEvents = Registered<'events', Record<string, unknown>> & object

/** The HTTP request that an operation came with, and the headers that its answer will have. */
export interface HttpExchange {
  readonly requestId: string
  readonly requestHeaders: Headers
  /** To be added to, as with a cookie. */
  readonly responseHeaders: Headers
  /** The client's address, past the proxies that are trusted; undefined where the connection is gone. */
  readonly address: string | undefined
}

/** What a custom resolver gets as its context. */
export interface ProjectContext {
  readonly refract: Omit<Scope, 'database' | 'viewer'> & {
    /** Reads and writes under the viewer's policies. */
    readonly client: ProjectClient
    /** The same client past all policies. */
    readonly database: ProjectClient
    readonly viewer: ProjectViewer
  }
  readonly http: HttpExchange
  /** Events of the project's own. */
  readonly events: EventBus<ProjectEvents>
}

/** The type parameters of the builder that an extension gets. */
export interface ProjectTypes extends Omit<EngineTypeParameters, 'Context' | 'PrismaTypes' | 'Scalars'> {
  Context: ProjectContext
  PrismaTypes: ProjectPrismaTypes
  /** The engine's own types that extensions can name. */
  Objects: { Viewer: ProjectViewer }
  Interfaces: { MutationError: WriteError }
  Scalars: ScalarShapes
}

/** The Pothos builder of the project's schema: add types, fields, queries and mutations to it. */
export type ProjectBuilder = PothosSchemaTypes.SchemaBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<ProjectTypes>
>

/** The client inside of a transaction. */
export type ProjectTransaction = Omit<
  ProjectClient,
  `$${'connect' | 'disconnect' | 'extends' | 'on' | 'transaction'}`
>

type ProjectSchemaTypes = PothosSchemaTypes.ExtendDefaultTypes<ProjectTypes>
type ModelName = keyof ProjectPrismaTypes & string
type ModelTypes<Name extends ModelName> = ProjectPrismaTypes[Name]
type ModelShape<Name extends ModelName> = ModelTypes<Name> extends { Shape: infer Shape } ? Shape : Row

/** A Prisma `where` of one of the project's models. */
export type ProjectWhere<Name extends ModelName> =
  ModelTypes<Name> extends { Where: infer Filter } ? Filter : Where

/**
 * The generated parts of the API, for extensions to build on: `ExtensionTools`, typed by the project's models.
 *
 * @see ExtensionTools for the contracts
 */
export interface ProjectTools extends Pick<ExtensionTools, 'refuse'> {
  object<Name extends ModelName>(model: Name): ObjectRef<ProjectSchemaTypes, ModelShape<Name>>
  payload(model: ModelName): ObjectRef<ProjectSchemaTypes, Payload>
  connection(model: ModelName): ObjectRef<ProjectSchemaTypes, ConnectionSource>
  listArguments(model: ModelName): Record<string, InputFieldRef<ProjectSchemaTypes, unknown>>
  filter(model: ModelName): InputObjectRef<ProjectSchemaTypes, Readonly<Record<string, unknown>>>
  unique(model: ModelName): InputObjectRef<ProjectSchemaTypes, Readonly<Record<string, unknown>>>
  load<Name extends ModelName>(
    model: Name,
    key: Partial<ModelShape<Name>>,
    context: ProjectContext,
    info: GraphQLResolveInfo,
  ): Promise<ModelShape<Name> | null>
  onlyFor(permission: (viewer: ProjectViewer) => boolean): Readonly<Record<string, unknown>>
  list<Name extends ModelName>(
    model: Name,
    where: ProjectWhere<Name>,
    args: object,
    context: ProjectContext,
    info: GraphQLResolveInfo,
  ): Promise<ConnectionSource>
  write(
    model: ModelName,
    context: ProjectContext,
    info: GraphQLResolveInfo,
    work: (client: ProjectTransaction) => Promise<object>,
  ): Promise<Payload>
}

/** Adds to the schema; the second argument has the generated parts that it can use. */
export type Extension = (builder: ProjectBuilder, refract: ProjectTools) => void

/** Shows how far a step has come. */
export interface Progress {
  advance(steps?: number): void
  done(): void
}

export interface SeedContext {
  readonly client: ProjectClient
  /** Starts a step of `total` parts. */
  readonly progress: (label: string, total: number) => Progress
  readonly log: (message: string) => void
}

/** The part of `refract.config.ts` that makes the API. */
export interface EngineConfig {
  /**
   * Who may see and do what, by `definePolicy`. A model without a policy is denied to all but administrators.
   */
  readonly policies?: readonly Policy[]
  /** The project's own types, fields, queries and mutations. */
  readonly extensions?: readonly Extension[]
  readonly limits?: Partial<EngineSettings>
  /**
   * How queries are answered: `compiled` to one statement for each field of the query root where all fields are generated ones,
   * which is the default, or always by the resolvers with `prisma`. The answers are the same.
   */
  readonly reads?: 'compiled' | 'prisma'
}

type ModelField<Name extends ModelName> =
  | (keyof ModelShape<Name> & string)
  | (ModelTypes<Name> extends { RelationName: infer Relation extends string } ? Relation : never)

/** The rules of one of the project's models, typed by its Prisma schema. */
export type ProjectPolicy<Name extends ModelName> = ModelPolicy<
  ProjectWhere<Name>,
  ModelField<Name>,
  Partial<ModelShape<Name>>,
  ProjectViewer
>

/** Says who may see and do what with the rows of a model. */
export function definePolicy<Name extends ModelName>(model: Name, rules: ProjectPolicy<Name>): Policy {
  return Object.freeze({ model, rules: rules as unknown as ModelPolicy })
}

/** A project's extension; only gives it its type. */
export function defineExtension(extension: Extension): Extension {
  return extension
}
