import type { Datamodel, Model } from '../datamodel/model.ts'
import { allOf, everyRow, type Where } from '../policy/logic.ts'
import type { PolicySet } from '../policy/policy-set.ts'
import type { Viewer } from '../policy/viewer.ts'
import { createViewerAccess, type ViewerAccess } from '../policy/viewer-access.ts'
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
  /** The client past all policies. */
  readonly database: DatabaseClient
  readonly nulls: PrismaNulls
  readonly settings: EngineSettings
  readonly viewer: Viewer
  /** What the viewer may do. */
  readonly access: ViewerAccess
  /** Batching loaders of this request, by what they load. Never shared between a transaction and the request. */
  readonly loaders: Map<string, unknown>
}

export interface ScopeOptions {
  readonly datamodel: Datamodel
  readonly database: DatabaseClient
  readonly nulls: PrismaNulls
  readonly settings: EngineSettings
  readonly policies: PolicySet
  readonly viewer: Viewer
}

/** One by one: there is a scope for each request, and to copy what is left of an object takes Node long. */
export function createScope({ datamodel, database, nulls, settings, policies, viewer }: ScopeOptions): Scope {
  const access = createViewerAccess(policies, viewer)
  return { datamodel, database, nulls, settings, viewer, access, loaders: new Map() }
}

/** The same request inside a transaction: its own client and loaders. */
export function withTransaction(scope: Scope, database: DatabaseClient): Scope {
  return { ...scope, database, loaders: new Map() }
}

/** The rows of a model that exist for the viewer and meet a condition as well. */
export function visible({ access }: Scope, model: Model, condition: Where = everyRow): Where {
  return allOf([access.of(model).read, condition])
}
