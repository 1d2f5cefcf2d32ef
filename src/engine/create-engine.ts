import { AnyNull, DbNull, JsonNull } from '@prisma/client/runtime/client'
import type { GraphQLSchema } from 'graphql'
import { lazy } from '../lib/lazy.ts'
import type { EngineConfig, HttpExchange } from './config.ts'
import { createDatamodel } from './datamodel/create-datamodel.ts'
import type { DatamodelDescription } from './datamodel/description.ts'
import type { Datamodel } from './datamodel/model.ts'
import { withoutHidden } from './datamodel/without-hidden.ts'
import { createExplainer, type Explainer } from './explain/create-explainer.ts'
import type { DatabaseClient } from './operations/client.ts'
import { createSettings } from './operations/create-settings.ts'
import { createGuardedClient } from './operations/guarded/guarded-client.ts'
import { createScope, type EngineSettings, type Scope } from './operations/scope.ts'
import { createPolicySet } from './policy/policy-set.ts'
import { administrator, type Viewer } from './policy/viewer.ts'
import { createViewerAccess } from './policy/viewer-access.ts'
import { buildSchema } from './schema/build.ts'
import type { EngineContext } from './schema/builder.ts'
import { createViewerSchemas } from './schema/viewer-schemas.ts'

export interface EngineOptions {
  /** `datamodel.json`, as the generator wrote it: a `DatamodelDescription`. */
  readonly datamodel: unknown
  /** What `getDatamodel()` of the generated `pothos.ts` gives. */
  readonly pothosDatamodel: unknown
  /** The generated Prisma client, connected; only its type is unknown here. */
  readonly client: unknown
  readonly config: EngineConfig
}

/** Whom an operation runs for, and what it came with. */
export interface ContextOptions {
  /** Default: the administrator. */
  readonly viewer?: Viewer
  /** Default: none, as for an operation that did not come over HTTP. */
  readonly http?: HttpExchange
}

/** A running API without a transport: the schema, and the context that its resolvers need for each request. */
export interface Engine {
  /** The whole API, as an administrator has it. */
  readonly schema: GraphQLSchema
  /** The part of the API that the viewer could ever use; made once for all viewers that may do the same. */
  schemaFor(viewer: Viewer): GraphQLSchema
  readonly datamodel: Datamodel
  readonly settings: EngineSettings
  createContext(options?: ContextOptions): EngineContext
  /** Says what the policies do, and why. */
  readonly explain: Explainer
}

/**
 * Builds the API of a Prisma schema.
 *
 * @throws StartError where the schema's names collide in GraphQL, a setting is out of its range, or a policy names what
 *   there is not
 */
export function createEngine(options: EngineOptions): Engine {
  const everything = createDatamodel(options.datamodel as DatamodelDescription)
  const datamodel = withoutHidden(everything)
  const settings = createSettings(options.config.limits)
  const policies = createPolicySet(everything, options.config.policies ?? [])
  const client = options.client as DatabaseClient
  const nulls = { AnyNull, DbNull, JsonNull }
  const schema = buildSchema({
    datamodel,
    pothosDatamodel: options.pothosDatamodel,
    policies,
    settings,
    extend: (builder, tools) => {
      for (const extension of options.config.extensions ?? []) extension(builder as never, tools as never)
    },
  })
  const accessOf = (viewer: Viewer) => createViewerAccess(policies, viewer)
  const schemaFor = createViewerSchemas(schema, accessOf)
  const scopeFor = (viewer: Viewer) =>
    createScope({ datamodel, database: client, nulls, settings, policies, viewer })
  const createContext = ({ viewer = administrator, http = noExchange() }: ContextOptions = {}) => ({
    refract: withClient(scopeFor(viewer)),
    http,
  })
  return {
    schema,
    schemaFor,
    datamodel,
    settings,
    createContext,
    explain: createExplainer({
      ...{ datamodel, schema, schemaFor, accessOf },
      createScope: scopeFor,
      createContext: viewer => createContext({ viewer }),
    }),
  }
}

/** What custom code gets has a client that keeps to the policies. It is made when it is asked for first. */
function withClient(scope: Scope): Scope {
  const client = lazy(() => createGuardedClient(scope))
  // not enumerable, so that copies of the scope, as those for transactions, do not make one
  return Object.defineProperty(scope, 'client', { get: client, enumerable: false })
}

function noExchange(): HttpExchange {
  return { requestId: '', requestHeaders: new Headers(), responseHeaders: new Headers(), address: undefined }
}
