import type { HttpExchange, ProjectClient, Viewer } from '../engine/index.ts'
import type { CreateAttemptLimiter } from '../limits/index.ts'
import type { Log } from '../observe/log.ts'
import type { RecheckCredentials } from './identity.ts'

/** What a project's sign-in is made with. */
export interface AuthSetup {
  /** The Prisma client past all policies. */
  readonly client: ProjectClient
  readonly isProduction: boolean
  /** Where browsers find this server, such as `https://api.example.com`: an origin, without a path. */
  readonly baseUrl: string
  /** Other origins whose pages may use the API. */
  readonly trustedOrigins: readonly string[]
  /** To sign cookies with: of this server alone, the same after a restart. */
  readonly secret: string
  readonly createAttemptLimiter: CreateAttemptLimiter
  readonly log: Log
}

/** A user whom the GraphiQL page of a development server can act as. */
export interface DevelopmentViewer {
  readonly id: string
  /** As the menu shows the user: `John Doe – admin`. */
  readonly label: string
}

export interface NewAdministrator {
  readonly email: string
  readonly name: string
  /** Undefined where the user is there already, or will ask for one by a reset. */
  readonly password: string | undefined
}

/** What became of `createAdministrator`. */
export interface CreatedAdministrator {
  readonly id: string
  /** Whether there was no such user before. */
  readonly isNew: boolean
}

/**
 * Answers a request of a path of the provider's own. What it throws is answered as from GraphQL: a RefractError with
 * its status, all else as a fault.
 */
export type WebRoute = (request: Request, http: HttpExchange) => Promise<Response>

/**
 * A project's own sign-in: users with sessions, keys and whatever else tells who asks. It says who somebody is; what
 * that somebody may do is for policies.
 */
export interface AuthProvider {
  /**
   * Who asks, by what a browser sends by itself: a session's cookie. Null for nobody, also where the session has
   * ended (`http.responseHeaders` then takes the cookie away). Asked at every request, so one without a cookie costs
   * nothing. Throws where it cannot find out, as when the database is away.
   */
  identify(http: HttpExchange): Promise<Partial<Viewer> | null>
  /**
   * Who has this token, out of `Authorization: Bearer` or `X-Api-Key`. Null for a token that is not right, which is
   * refused. Left out, the provider has no tokens.
   */
  identifyToken?(token: string, http: HttpExchange): Promise<Partial<Viewer> | null>
  /**
   * What has become of credentials that `identify` and `identifyToken` took, for connections that stay open: the viewer
   * of each by now, in their order, and null for one that has ended (signed out, expired, revoked, or of a user who may
   * not sign in any more). Asked once a second at most, with those of all open connections together, of which several
   * may have the same: so one statement has to do, whatever their number, and nothing is prolonged. A connection whose
   * credentials ended, or whose viewer is another one now, is closed. Throws where it cannot find out; connections then
   * stay open for half a minute. Left out, connections end at the longest age of the settings.
   */
  readonly recheck?: RecheckCredentials
  /** Answers requests at these paths and below them, such as `/api/auth`. */
  readonly routes?: Readonly<Record<string, WebRoute>>
  /** The viewer that a user is when signed in; null where there is no such user, or none who may sign in. */
  viewerOf?(userId: string): Promise<Partial<Viewer> | null>
  /** The id of the user that a person calls so (an e-mail address, an id), for the command line; null for nobody. */
  findUser?(name: string): Promise<string | null>
  /** Users for the menu of GraphiQL, in its order. Asked in development only; needs `viewerOf`. */
  developmentViewers?(): Promise<readonly DevelopmentViewer[]>
  /** For `refract create-admin`: makes a user an administrator of the application, and the user where there is none. */
  createAdministrator?(administrator: NewAdministrator): Promise<CreatedAdministrator>
}

export type CreateAuthProvider = (setup: AuthSetup) => AuthProvider | Promise<AuthProvider>
