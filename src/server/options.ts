import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql'
import type { Identity, RecheckCredentials, WebRoute } from '../auth/index.ts'
import { anonymous, type ContextOptions, type HttpExchange, type Viewer } from '../engine/index.ts'
import {
  type AddressReader,
  createAddressReader,
  createRequestLimits,
  type DocumentSourceOptions,
  type PageSettings,
  type RateLimiter,
  type RequestLimits,
} from '../limits/index.ts'
import type { Log } from '../observe/log.ts'
import { noMetrics, type ServerMetrics } from '../observe/server-metrics.ts'
import { type ConnectionSettings, defaultConnectionSettings } from './connection-settings.ts'
import type { DevelopmentUsers } from './view-as.ts'

/** Answers the requests of a path of its own, such as sign-in pages. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** What an operation does beyond the server: statements that it waits for. */
export interface Work {
  /** Runs what belongs to the work. */
  run<Result>(work: () => Result): Result
  /** Ends what still runs, and refuses what is still to come. */
  cancel(): void
}

export type Execute = (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult

export interface ServerOptions {
  /** The API as a viewer has it; asked at every request, so it answers from a cache. */
  readonly schema: GraphQLSchema | ((viewer: Viewer) => GraphQLSchema)
  /**
   * Who asks. Throws a RefractError UNAUTHENTICATED for credentials that are wrong; those that are missing make an
   * anonymous viewer. A viewer alone is one by credentials that are good until `recheck` says otherwise. Default:
   * everyone is anonymous.
   */
  readonly identify?: (http: HttpExchange) => Promise<Viewer | Identity>
  /**
   * What has become of the credentials of connections that are open. Default: nobody can tell, and connections with
   * credentials end after `connections.credentialMilliseconds`.
   */
  readonly recheck?: RecheckCredentials | undefined
  /**
   * Runs a query or a mutation that is parsed and valid, in place of `otherwise`, which it can call. The `data` of its result
   * may be a JsonText: it is sent as it is. What it does belongs to `work`, by which it is ended; `otherwise` sees to that
   * by itself.
   */
  readonly execute?: (args: ExecutionArgs, otherwise: Execute, work?: Work) => ReturnType<Execute>
  /** Runs a subscription, in place of graphql-js's own `subscribe`. */
  readonly subscribe?: (args: ExecutionArgs) => Promise<AsyncIterable<ExecutionResult> | ExecutionResult>
  /** The context of the resolvers: a new object for each operation. */
  readonly createContext: (options: Required<ContextOptions>) => object
  /** Routes of the project's own, by the path that they and all below it are at, such as `/api/auth`. */
  readonly routes?: Readonly<Record<string, Route>>
  /** The same, in the web's own terms, with the API's limits, errors and cross-origin rules. */
  readonly webRoutes?: Readonly<Record<string, WebRoute>>
  /** Users whom GraphiQL can act as on a developer's machine. Default: none but the administrator. */
  readonly developmentUsers?: DevelopmentUsers | undefined
  /** Rejects when the database cannot be reached. */
  readonly ping: () => Promise<void>
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  readonly isProduction: boolean
  /** `nobody` answers every operation but those of administrators with 403: there is no policy that would let one in. */
  readonly access: 'everyone' | 'nobody'
  readonly log: Log
  /** Counts what the server does. Default: nobody does. */
  readonly metrics?: ServerMetrics | undefined
  /** The setting that opens the API, as an operator would write it: named in the 403 and in the log. */
  readonly accessSetting?: string
  /** What GraphiQL shows at first. */
  readonly firstQuery?: string | undefined
  readonly graphqlPath?: string
  /** Whether the GraphiQL page is served. Default: not in production. */
  readonly graphiql?: boolean
  /** Origins whose pages may call the API, such as `https://app.example.com`. Default: none. */
  readonly corsOrigins?: readonly string[]
  /** Where browsers find this server: its pages may send their cookies. Default: the host of the request. */
  readonly publicUrl?: string | undefined
  readonly limits?: Partial<RequestLimits>
  /** How large pages are, to price them. Default: 20 rows, and 100 at most. */
  readonly pages?: PageSettings
  /** Whether answers say what they cost. Default: true. */
  readonly isCostAnnounced?: boolean
  /** Default: nobody is limited. */
  readonly rateLimiter?: RateLimiter | undefined
  /** Finds the client's address. Default: the peer of the connection. */
  readonly readAddress?: AddressReader
  /** Finds the document that a request means. Default: the one that it brings. */
  readonly documents?: DocumentSourceOptions
  /** Whether everybody may read the schema, and messages may name what is like a wrong name. Default: true. */
  readonly isIntrospectionOpen?: boolean
  /** Hosts that requests may name; see `createHostCheck`. Default: all. */
  readonly allowedHosts?: readonly string[] | undefined
  /** How long an operation may run; 0 for ever. Default: 15 s. */
  readonly operationMilliseconds?: number
  /** Begins the work of an operation. Default: work that cannot be cancelled. */
  readonly startWork?: () => Work
  /** Bounds on WebSockets and streams. */
  readonly connections?: Partial<ConnectionSettings>
  /**
   * From where a client could go on that has got this answer of a subscription, if that can be told: a text without
   * secrets, of at most 100 bytes. It is in the reason of a socket's close. Default: it cannot be told.
   */
  readonly resumeCursorOf?: (event: ExecutionResult) => string | undefined
  /** How long closing waits for running requests. Default 10 s. */
  readonly closeMilliseconds?: number
  /** How long closing keeps idle connections open for a request on its way. Default 500 ms in production, else 0. */
  readonly lingerMilliseconds?: number
}

type MayBeMissing =
  | 'execute'
  | 'subscribe'
  | 'rateLimiter'
  | 'allowedHosts'
  | 'developmentUsers'
  | 'publicUrl'
  | 'recheck'

export type ResolvedOptions = Required<
  Omit<ServerOptions, MayBeMissing | 'limits' | 'firstQuery' | 'connections' | 'metrics'>
> &
  Pick<ServerOptions, MayBeMissing> & {
    readonly firstQuery: string | undefined
    readonly limits: RequestLimits
    readonly connections: ConnectionSettings
    readonly metrics: ServerMetrics
  }

/** Returns the options with every default filled in. */
export function resolveOptions(options: ServerOptions): ResolvedOptions {
  const {
    metrics = noMetrics,
    accessSetting = 'REFRACT_ACCESS=everyone',
    graphqlPath = '/graphql',
    graphiql = !options.isProduction,
    corsOrigins = [],
    identify = async () => anonymous,
    routes = {},
    webRoutes = {},
    pages = { defaultPageSize: 20, maximumPageSize: 100 },
    isCostAnnounced = true,
    readAddress = createAddressReader(),
    documents = {},
    isIntrospectionOpen = true,
    operationMilliseconds = 15_000, // 15 seconds
    startWork = startUncancellable,
    resumeCursorOf = () => undefined,
    closeMilliseconds = 10_000, // 10 seconds
    lingerMilliseconds = options.isProduction ? 500 : 0,
  } = options
  return Object.freeze({
    ...options,
    firstQuery: options.firstQuery,
    metrics,
    accessSetting,
    graphqlPath,
    graphiql,
    corsOrigins,
    identify,
    routes,
    webRoutes,
    execute: options.execute,
    subscribe: options.subscribe,
    developmentUsers: options.developmentUsers,
    pages,
    isCostAnnounced,
    readAddress,
    documents,
    isIntrospectionOpen,
    operationMilliseconds,
    startWork,
    resumeCursorOf,
    connections: Object.freeze({ ...defaultConnectionSettings, ...options.connections }),
    closeMilliseconds,
    lingerMilliseconds,
    limits: createRequestLimits(options.limits),
  })
}

function startUncancellable(): Work {
  return { run: work => work(), cancel: () => undefined }
}
