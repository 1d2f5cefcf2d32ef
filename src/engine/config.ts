import type { PrismaModelTypes } from '@pothos/plugin-prisma'
import type { DatabaseClient } from './operations/client.ts'
import type { EngineSettings, Scope } from './operations/scope.ts'
import type { EngineTypeParameters } from './schema/builder.ts'
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

/** What a custom resolver gets as its context. */
export interface ProjectContext {
  readonly refract: Omit<Scope, 'client'> & { readonly client: ProjectClient }
}

/** The type parameters of the builder that an extension gets. */
export interface ProjectTypes extends Omit<EngineTypeParameters, 'Context' | 'PrismaTypes' | 'Scalars'> {
  Context: ProjectContext
  PrismaTypes: ProjectPrismaTypes
  Scalars: ScalarShapes
}

/** The Pothos builder of the project's schema: add types, fields, queries and mutations to it. */
export type ProjectBuilder = PothosSchemaTypes.SchemaBuilder<
  PothosSchemaTypes.ExtendDefaultTypes<ProjectTypes>
>

export type Extension = (builder: ProjectBuilder) => void

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

/** `refract.config.ts`. */
export interface Config {
  /** The project's own types, fields, queries and mutations. */
  readonly extensions?: readonly Extension[]
  /** Fills an empty database with data to work with. */
  readonly seed?: (context: SeedContext) => Promise<void>
  readonly limits?: Partial<EngineSettings>
  readonly graphiql?: {
    /** The query that GraphiQL opens with. */
    readonly firstQuery?: string
  }
}

/** A project's configuration; only gives it its type. */
export function defineConfig(config: Config): Config {
  return config
}

/** A project's extension; only gives it its type. */
export function defineExtension(extension: Extension): Extension {
  return extension
}
