import type { IncomingMessage } from 'node:http'
import { createHostCheck } from './allowed-hosts.ts'
import { handleCors } from './cors.ts'
import type { GraphQLHandler } from './create-graphql-handler.ts'
import { crossSiteFault } from './cross-site-fault.ts'
import { viewAsPath } from './graphiql-menu.ts'
import { createGraphiQLPage, wantsPage } from './graphiql-page.ts'
import { createReadinessCheck } from './health.ts'
import { isHost, misdirected } from './host.ts'
import type { ResolvedOptions, Route } from './options.ts'
import type { RequestRecord } from './request-record.ts'
import { errorBody, sendError, sendJson } from './send.ts'
import type { ServerAnswer } from './server-answer.ts'
import type { ViewAs } from './view-as.ts'
import { createWebRoute } from './web-route.ts'

type RecordedRoute = (
  request: IncomingMessage,
  response: ServerAnswer,
  record: RequestRecord,
) => Promise<void>

export interface RouterParts {
  readonly handler: GraphQLHandler
  readonly viewAs: ViewAs
  readonly isClosing: () => boolean
}

/** Returns the function that answers a request by its path. */
export function createRouter(
  options: ResolvedOptions,
  { handler, viewAs, isClosing }: RouterParts,
): RecordedRoute {
  const graphql = createGraphQLRoute(options, handler)
  const checkReadiness = createReadinessCheck({ ping: options.ping, log: options.log, isClosing })
  const routes: Readonly<Record<string, RecordedRoute>> = {
    ...(options.graphiql ? { '/': readOnly(redirectTo(options.graphqlPath)) } : {}),
    [options.graphqlPath]: graphql,
    [`${options.graphqlPath}/`]: graphql,
    ...(options.graphiql ? { [viewAsPath(options.graphqlPath)]: readOnly(listViewers(viewAs)) } : {}),
    '/health/live': readOnly(async (request, response) => {
      sendJson(request, response, 200, { status: 'live' })
    }),
    '/health/ready': readOnly(async (request, response) => {
      const { status, body } = await checkReadiness()
      sendJson(request, response, status, body)
    }),
  }
  const ownRoutes: Readonly<Record<string, Route | RecordedRoute>> = {
    ...options.routes,
    ...Object.fromEntries(
      Object.entries(options.webRoutes).map(([path, route]) => [path, createWebRoute(route, options)]),
    ),
  }
  const ownPaths = Object.keys(ownRoutes)
  const findOwn = (path: string): RecordedRoute | undefined => {
    const base = ownPaths.find(own => path === own || path.startsWith(`${own}/`))
    const own = base === undefined ? undefined : ownRoutes[base]
    return own && withCors(own, options.corsOrigins)
  }
  const isAllowedHost = createHostCheck(options.allowedHosts)
  return (request, response, record) => {
    const { host } = request.headers
    if (!isHost(host)) {
      const message = 'The Host header of this request is not a host name or address.'
      sendError(request, response, 'BAD_REQUEST', message)
      return answered
    }
    // Probes call a server by its bare address.
    if (!isAllowedHost(host) && !record.path.startsWith('/health/')) {
      const message =
        'This server does not answer for the host of this request. Its operator can add it to ALLOWED_HOSTS.'
      sendJson(request, response, misdirected, errorBody('BAD_REQUEST', message))
      return answered
    }
    const route = Object.hasOwn(routes, record.path) ? routes[record.path] : findOwn(record.path)
    if (route) return route(request, response, record)
    sendError(request, response, 'NOT_FOUND', `Nothing is served here. The API is at ${options.graphqlPath}.`)
    return answered
  }
}

const answered = Promise.resolve()

function withCors(route: Route | RecordedRoute, origins: readonly string[]): RecordedRoute {
  return async (request, response, record) => {
    if (!handleCors(request, response, origins)) await route(request, response, record)
  }
}

function createGraphQLRoute(options: ResolvedOptions, { handle }: GraphQLHandler): RecordedRoute {
  const sendGraphiQL = options.graphiql ? createGraphiQLPage(options) : undefined
  const sameSite = {
    publicUrl: options.publicUrl,
    corsOrigins: options.corsOrigins,
    isStrict: options.isProduction,
  }
  return (request, response, record) => {
    if (sendGraphiQL && wantsPage(request)) return sendGraphiQL(request, response)
    response.setPlain('Cache-Control', 'no-store')
    if (handleCors(request, response, options.corsOrigins)) return answered
    const fault = crossSiteFault(request, sameSite)
    if (fault === undefined) return handle(request, response, record)
    record.errorCodes.add('FORBIDDEN')
    sendError(request, response, 'FORBIDDEN', fault)
    return answered
  }
}

/** Whom GraphiQL can act as; for others than a browser on a developer's machine there is nothing here. */
function listViewers(viewAs: ViewAs): RecordedRoute {
  return async (request, response) => {
    const viewers = await viewAs.list(request)
    if (viewers) sendJson(request, response, 200, { viewers })
    else sendError(request, response, 'NOT_FOUND', 'GraphiQL acts as others on this machine only.')
  }
}

function readOnly(route: RecordedRoute): RecordedRoute {
  return async (request, response, record) => {
    if (request.method === 'GET' || request.method === 'HEAD') {
      await route(request, response, record)
      return
    }
    sendError(request, response, 'METHOD_NOT_ALLOWED', 'This address answers GET only.', {
      Allow: 'GET, HEAD',
    })
  }
}

function redirectTo(path: string): RecordedRoute {
  return async (_request, response) => {
    response.writeHead(302, { Location: path, 'Cache-Control': 'no-store' }).end()
  }
}
