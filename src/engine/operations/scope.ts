import type { Datamodel } from '../datamodel/model.ts'
import type { Viewer } from '../policy/viewer.ts'
import type { DatabaseClient, PrismaNulls } from './client.ts'

/** Limits that hold for every operation; `defineConfig` can set them. */
export interface EngineSettings {
  /** Rows of a page that names neither `first` nor `last`. */
  readonly defaultPageSize: number
  /** The most rows that `first` or `last` may ask for. */
  readonly maximumPageSize: number
  /** The most rows that one batch create may bring. */
  readonly maximumBatchSize: number
  /** The most rows that a full-text search may match before it has to be narrowed. */
  readonly maximumSearchMatches: number
  /** The most node ids that `nodes` takes. */
  readonly maximumNodeIds: number
  /** Milliseconds that one mutation's transaction may take. */
  readonly transactionTimeout: number
}

export const defaultSettings: EngineSettings = Object.freeze({
  defaultPageSize: 20,
  maximumPageSize: 100,
  maximumBatchSize: 1_000,
  maximumSearchMatches: 10_000,
  maximumNodeIds: 100,
  transactionTimeout: 30_000, // 30 seconds
})

/** What every operation of one request shares. Inside a mutation's transaction there is one with its client. */
export interface Scope {
  readonly datamodel: Datamodel
  /** The client that custom code reads and writes through: policies hold. */
  readonly client: DatabaseClient
  /** The client past all policies. */
  readonly database: DatabaseClient
  readonly nulls: PrismaNulls
  readonly settings: EngineSettings
  readonly viewer: Viewer
  /** Batching loaders of this request, by what they load. Never shared between a transaction and the request. */
  readonly loaders: Map<string, unknown>
}

export interface ScopeOptions {
  readonly datamodel: Datamodel
  readonly database: DatabaseClient
  readonly nulls: PrismaNulls
  readonly settings: EngineSettings
  readonly viewer: Viewer
}

export function createScope(options: ScopeOptions): Scope {
  return { ...options, client: options.database, loaders: new Map() }
}

/** The same request inside a transaction: its own client and loaders. */
export function withTransaction(scope: Scope, database: DatabaseClient): Scope {
  return { ...scope, client: database, database, loaders: new Map() }
}
