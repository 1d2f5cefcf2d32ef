import { AnyNull, DbNull, JsonNull } from '@prisma/client/runtime/client'
import { type ExecutionArgs, type ExecutionResult, execute, type GraphQLSchema } from 'graphql'
import { RefractError, StartError } from '../errors.ts'
import { exactText } from '../lib/exact-text.ts'
import { type ChangeFeed, createChangeFeed } from './changes/change-feed.ts'
import type { ChangeSource } from './changes/change-source.ts'
import { createInterestOf } from './changes/interest.ts'
import { createCompiledReads, type ReadSource, type ReadStatement } from './compiled/compiled-reads.ts'
import { createOrdinaryWay, type HearOrdinary } from './compiled/ordinary-way.ts'
import type { StatementOwner } from './compiled/statement-owner.ts'
import type { EngineConfig, HttpExchange } from './config.ts'
import { createDatamodel } from './datamodel/create-datamodel.ts'
import type { DatamodelDescription } from './datamodel/description.ts'
import type { Datamodel } from './datamodel/model.ts'
import { withoutHidden } from './datamodel/without-hidden.ts'
import { createEventBus, createLocalCarrier, type EventBus, type EventCarrier } from './events/event-bus.ts'
import { createExplainer, type Explainer } from './explain/create-explainer.ts'
import { createLiveRunner } from './open-live.ts'
import type { DatabaseClient } from './operations/client.ts'
import { createSettings } from './operations/create-settings.ts'
import { createGuardedClient } from './operations/guarded/guarded-client.ts'
import { createScope, type EngineSettings, type Scope } from './operations/scope.ts'
import { createPolicySet } from './policy/policy-set.ts'
import { administrator, type Viewer } from './policy/viewer.ts'
import { createViewerAccess } from './policy/viewer-access.ts'
import { type Results, runSubscription, type Sharing } from './run-subscription.ts'
import { buildSchema } from './schema/build.ts'
import type { EngineContext } from './schema/builder.ts'
import { createAnswerKey } from './schema/shared-answers.ts'
import { createViewerSchemas } from './schema/viewer-schemas.ts'

export interface EngineOptions {
  /** `datamodel.json`, as the generator wrote it: a `DatamodelDescription`. */
  readonly datamodel: unknown
  /** What `getDatamodel()` of the generated `pothos.ts` gives. */
  readonly pothosDatamodel: unknown
  /** The generated Prisma client, connected; only its type is unknown here. */
  readonly client: unknown
  readonly config: EngineConfig
  /** Sends the statements of compiled reads; without one, or with `reads: 'prisma'`, all go the ordinary way. */
  readonly reads?: EngineReads | undefined
  /** Where the changes are that subscriptions tell of; without one every subscription is refused. */
  readonly changes?: ChangeSource | undefined
  /** What carries the project's own events to other instances. Default: nothing, they stay in this process. */
  readonly events?: EventCarrier | undefined
}

export interface EngineReads extends ReadSource {
  /** Hears why resolvers have answered what compiled reads gave up. */
  readonly onOrdinary?: HearOrdinary
}

/** Whom an operation runs for, and what it came with. */
export interface ContextOptions {
  /** Default: the administrator. */
  readonly viewer?: Viewer
  /** Default: none, as for an operation that did not come over HTTP. */
  readonly http?: HttpExchange
}

type Execute = (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult

/** A running API without a transport: the schema, and the context that its resolvers need for each request. */
export interface Engine {
  /** The whole API, as an administrator has it. */
  readonly schema: GraphQLSchema
  /** The part of the API that the viewer could ever use; made once for all viewers that may do the same. */
  schemaFor(viewer: Viewer): GraphQLSchema
  readonly datamodel: Datamodel
  readonly settings: EngineSettings
  createContext(options?: ContextOptions): EngineContext
  /**
   * Runs a query or a mutation that is valid. A query of generated fields takes one statement for each field of the query
   * root, and its `data` is JsonText where no value has to be looked at; a mutation of generated fields does without
   * Prisma. Anything else is left to `otherwise`.
   *
   * @param otherwise default: graphql-js's `execute`
   * @param owner what the statements belong to; `otherwise` belongs to it by itself. Default: whatever runs here
   */
  execute(
    args: ExecutionArgs,
    otherwise?: Execute,
    owner?: StatementOwner,
  ): Promise<ExecutionResult> | ExecutionResult
  /** The statements of a query of generated fields, unsent; null for what is left to resolvers. */
  readStatements(args: ExecutionArgs): Promise<readonly ReadStatement[] | null>
  /**
   * Runs a subscription whose context is of `createContext`, in place of graphql-js's `subscribe`. Operations with the same
   * document (the object, not the text), variables and rights share their answers.
   */
  subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult>
  /** The project's own events. */
  readonly events: EventBus & { close(): void }
  /** The changes of all rows. */
  readonly changes: ChangeFeed
  /** Says what the policies do, and why. */
  readonly explain: Explainer
}

/**
 * Builds the API of a Prisma schema.
 *
 * @throws StartError where the schema's names collide in GraphQL, a setting is out of its range or has a value that there is
 *   not, or a policy names what there is not
 */
export function createEngine(options: EngineOptions): Engine {
  const everything = createDatamodel(options.datamodel as DatamodelDescription)
  const datamodel = withoutHidden(everything)
  const settings = createSettings(options.config.limits)
  const policies = createPolicySet(everything, options.config.policies ?? [])
  const client = options.client as DatabaseClient
  const nulls = { AnyNull, DbNull, JsonNull }
  const parts = { datamodel, pothosDatamodel: options.pothosDatamodel, policies, settings }
  const { schema, isGenerated } = buildSchema({
    ...parts,
    extend: (builder, tools) => {
      for (const extension of options.config.extensions ?? []) extension(builder as never, tools as never)
    },
  })
  const accessOf = (viewer: Viewer) => createViewerAccess(policies, viewer)
  const schemaFor = createViewerSchemas(schema, accessOf)
  const scopeFor = (viewer: Viewer) =>
    createScope({ datamodel, database: client, nulls, settings, policies, viewer })
  const changes = options.changes
    ? createChangeFeed(datamodel, everything, options.changes, createInterestOf(scopeFor))
    : noChanges
  const events = createEventBus(options.events ?? createLocalCarrier())
  const createContext = ({ viewer = administrator, http = noExchange() }: ContextOptions = {}) => ({
    refract: withClient(scopeFor(viewer)),
    http,
    changes,
    events,
  })
  const answerKey = createAnswerKey(datamodel, isGenerated)
  const runLive = createLiveRunner({ changes, isGenerated })
  const sharing: Sharing = {
    refresh: context => {
      const { refract } = context as EngineContext
      return { ...(context as object), refract: withClient(scopeFor(refract.viewer)) }
    },
    openLive: args => runLive(args, sharing),
    keyOf: ({ document, schema: own, operationName, variableValues, contextValue }) => {
      const key = answerKey(document, own, (contextValue as EngineContext).refract.access)
      return key === undefined ? undefined : `${exactText([operationName, variableValues])} ${key}`
    },
  }
  const ordinary = createOrdinaryWay(options.reads?.onOrdinary)
  const reads =
    isCompiling(options.config) && options.reads ? createCompiledReads(options.reads, ordinary) : null
  const scopeOf = (args: ExecutionArgs) => (args.contextValue as EngineContext).refract
  return {
    schema,
    schemaFor,
    datamodel,
    settings,
    createContext,
    readStatements: async args => (await reads?.statements(args, scopeOf(args))) ?? null,
    execute: (args, otherwise = execute, owner) => {
      const reading = reads?.execute(args, scopeOf(args), otherwise, owner)
      return reading ? reading.then(answer => answer ?? ordinary.run(args, otherwise)) : otherwise(args)
    },
    subscribe: args => runSubscription(args, sharing),
    changes,
    events,
    explain: createExplainer({
      ...{ datamodel, schema, schemaFor, accessOf },
      createScope: scopeFor,
      createContext: viewer => createContext({ viewer }),
    }),
  }
}

function isCompiling({ reads = 'compiled' }: EngineConfig): boolean {
  if (reads === 'compiled' || reads === 'prisma') return reads === 'compiled'
  throw new StartError(`reads is ${JSON.stringify(reads)}, but expected 'compiled' or 'prisma'.`)
}

/** What custom code gets has a client that keeps to the policies. */
function withClient(scope: Scope): Scope {
  return new ClientScope(scope)
}

/** The client is no property of its own, so that copies of the scope, as those for transactions, do not have it. */
class ClientScope implements Scope {
  readonly datamodel: Scope['datamodel']
  readonly database: Scope['database']
  readonly nulls: Scope['nulls']
  readonly settings: Scope['settings']
  readonly viewer: Scope['viewer']
  readonly access: Scope['access']
  readonly loaders: Scope['loaders']
  #client: ReturnType<typeof createGuardedClient> | undefined

  constructor({ datamodel, database, nulls, settings, viewer, access, loaders }: Scope) {
    this.datamodel = datamodel
    this.database = database
    this.nulls = nulls
    this.settings = settings
    this.viewer = viewer
    this.access = access
    this.loaders = loaders
  }

  /** Made when it is asked for first. */
  get client() {
    this.#client ??= createGuardedClient(this)
    return this.#client
  }
}

const noChanges: ChangeFeed = Object.freeze({
  subscribe: async () => {
    throw new RefractError('CHANGES_NOT_RECORDED', 'This server does not follow changes of the database.')
  },
  watch: async () => {
    throw new RefractError('CHANGES_NOT_RECORDED', 'This server does not follow changes of the database.')
  },
  recordedModels: async () => new Set<string>(),
  lag: async () => undefined,
  isRecorded: async () => false,
  prune: async () => 0,
  close: async () => undefined,
})

function noExchange(): HttpExchange {
  return { requestId: '', requestHeaders: new Headers(), responseHeaders: new Headers(), address: undefined }
}
