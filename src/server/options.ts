import type { IncomingMessage, ServerResponse } from 'node:http'
import type { GraphQLSchema } from 'graphql'
import type { WebRoute } from '../auth/index.ts'
import { anonymous, type ContextOptions, type HttpExchange, type Viewer } from '../engine/index.ts'
import type { Log } from '../observe/log.ts'
import type { DevelopmentUsers } from './view-as.ts'

/** Answers the requests of a path of its own, such as sign-in pages. */
export type Route = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** Bounds on a single request; what is over them is refused with a 4xx before anything runs. */
export interface RequestLimits {
  readonly bodyBytes: number
  /** Of a document: names, punctuation and values. */
  readonly documentTokens: number
  /** How deep brackets may nest in a document's text, and arrays and objects in JSON. */
  readonly nesting: number
  /** How deep fields may nest, fragments followed. */
  readonly selectionDepth: number
  /** From the first byte of a request to its last. */
  readonly requestMilliseconds: number
  readonly headersMilliseconds: number
}

export interface ServerOptions {
  /** The API as a viewer has it; asked at every request, so it answers from a cache. */
  readonly schema: GraphQLSchema | ((viewer: Viewer) => GraphQLSchema)
  /**
   * Who asks. Throws a RefractError UNAUTHENTICATED for credentials that are wrong; those that are missing make an
   * anonymous viewer. Default: everyone is anonymous.
   */
  readonly identify?: (http: HttpExchange) => Promise<Viewer>
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
  /** The setting that opens the API, as an operator would write it: named in the 403 and in the log. */
  readonly accessSetting?: string
  /** What GraphiQL shows at first. */
  readonly firstQuery?: string | undefined
  readonly graphqlPath?: string
  /** Whether the GraphiQL page is served. Default: not in production. */
  readonly graphiql?: boolean
  /** Origins whose pages may call the API, such as `https://app.example.com`. Default: none. */
  readonly corsOrigins?: readonly string[]
  readonly limits?: Partial<RequestLimits>
  /** How long closing waits for running requests. Default 10 s. */
  readonly closeMilliseconds?: number
  /** How long closing keeps idle connections open for a request on its way. Default 500 ms in production, else 0. */
  readonly lingerMilliseconds?: number
}

export type ResolvedOptions = Required<Omit<ServerOptions, 'limits' | 'firstQuery' | 'developmentUsers'>> & {
  readonly developmentUsers: DevelopmentUsers | undefined
  readonly firstQuery: string | undefined
  readonly limits: RequestLimits
}

const defaultLimits: RequestLimits = {
  bodyBytes: 1_048_576, // 1 MiB
  documentTokens: 10_000,
  nesting: 200,
  selectionDepth: 50,
  requestMilliseconds: 30_000, // 30 seconds
  headersMilliseconds: 10_000, // 10 seconds
}

/** Returns the options with every default filled in. */
export function resolveOptions(options: ServerOptions): ResolvedOptions {
  const {
    accessSetting = 'REFRACT_ACCESS=everyone',
    graphqlPath = '/graphql',
    graphiql = !options.isProduction,
    corsOrigins = [],
    identify = async () => anonymous,
    routes = {},
    webRoutes = {},
    closeMilliseconds = 10_000, // 10 seconds
    lingerMilliseconds = options.isProduction ? 500 : 0,
  } = options
  return Object.freeze({
    ...options,
    firstQuery: options.firstQuery,
    accessSetting,
    graphqlPath,
    graphiql,
    corsOrigins,
    identify,
    routes,
    webRoutes,
    developmentUsers: options.developmentUsers,
    closeMilliseconds,
    lingerMilliseconds,
    limits: Object.freeze({ ...defaultLimits, ...options.limits }),
  })
}
