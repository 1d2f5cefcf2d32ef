import { buildSchema } from 'graphql'
import {
  type AuthProvider,
  createAdminSecretIdentifier,
  createIdentify,
  createJwtIdentifier,
  type JwtOptions,
} from '../../src/auth/index.ts'
import type { HttpExchange, Viewer } from '../../src/engine/index.ts'
import { silentLog } from '../../src/observe/log.ts'
import { startTestServer } from '../server/test-server.ts'
import { createAttemptLimiter } from '../support/attempt-limiter.ts'
import { graphqlFetch } from '../support/http.ts'

export interface AuthServerOptions {
  readonly jwt?: JwtOptions
  readonly provider?: AuthProvider
  readonly adminSecret?: string
  readonly isProduction?: boolean
  /** What GraphiQL opens with. */
  readonly firstQuery?: string
}

/** What a server takes a request's sender for, and the whole answer. */
export interface WhoAmI {
  readonly status: number
  readonly headers: Headers
  readonly viewer: Viewer | undefined
  readonly code: unknown
  readonly message: string | undefined
}

export interface AuthServer {
  readonly url: string
  readonly lines: readonly string[]
  whoAmI(headers?: Readonly<Record<string, string>>): Promise<WhoAmI>
}

const schema = buildSchema(`
  type Query { viewer: Viewer! }
  type Viewer { id: String roles: [String!]! isAdministrator: Boolean! claims: String! }
`)

Object.assign(schema.getQueryType()?.getFields().viewer ?? {}, {
  resolve: (_root: unknown, _args: unknown, viewer: Viewer) => ({
    ...viewer,
    claims: JSON.stringify(viewer.claims),
  }),
})

/** A server whose only query says whom it takes the sender for. */
export async function startAuthServer(options: AuthServerOptions): Promise<AuthServer> {
  const { jwt, provider, adminSecret: secret, isProduction = false, firstQuery } = options
  const identify = createIdentify({
    identifyAdministrator: createAdminSecretIdentifier({ secret, createAttemptLimiter }),
    identifyJwt: jwt && (await createJwtIdentifier(jwt, silentLog)),
    provider,
  })
  const { url, lines } = await startTestServer({
    schema,
    identify,
    isProduction,
    firstQuery,
    createContext: ({ viewer }) => viewer,
    developmentUsers: withUsers(provider),
  })
  return {
    url,
    lines,
    whoAmI: async headers => {
      const answer = await graphqlFetch(url, '{ viewer { id roles isAdministrator claims } }', {}, headers)
      const { viewer } = (answer.data ?? {}) as { viewer?: Viewer & { claims: string } }
      return {
        status: answer.status,
        headers: answer.headers,
        viewer: viewer && { ...viewer, claims: JSON.parse(viewer.claims as string) },
        code: answer.errors[0]?.extensions.code,
        message: answer.errors[0]?.message,
      }
    },
  }
}

function withUsers(provider: AuthProvider | undefined) {
  const { developmentViewers, viewerOf } = provider ?? {}
  return developmentViewers && viewerOf ? { developmentViewers, viewerOf } : undefined
}

/** What came with a request, for tests without a server. */
export function createExchange(headers: Record<string, string> = {}, address = '192.0.2.1'): HttpExchange {
  return {
    requestId: 'test',
    requestHeaders: new Headers(headers),
    responseHeaders: new Headers(),
    address,
  }
}
