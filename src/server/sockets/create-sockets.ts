import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type ExecutionArgs, type GraphQLError, parse } from 'graphql'
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer } from 'graphql-ws'
import { type ServerOptions as AcceptorOptions, WebSocketServer } from 'ws'
import type { CredentialWatch } from '../../auth/index.ts'
import { Tally } from '../../lib/tally.ts'
import { addressKey } from '../../limits/index.ts'
import { toClientError } from '../client-error.ts'
import type { GraphQLHandler } from '../create-graphql-handler.ts'
import { createHttpExchange, type ServerExchange } from '../http-exchange.ts'
import { isSingleResult } from '../is-single-result.ts'
import { noteAccess } from '../note-access.ts'
import type { ResolvedOptions } from '../options.ts'
import type { OperationAnswer } from '../plugins/operation-plugin.ts'
import { createRequestRecord, type RequestRecord } from '../request-record.ts'
import type { SecurityHeaders } from '../security-headers.ts'
import type { ViewAs } from '../view-as.ts'
import {
  assertOpen,
  createAdmission,
  refusal,
  refuseUpgrade,
  spendOnUpgrade,
  type UpgradeRefusal,
} from './admit-upgrade.ts'
import { toParams } from './read-message.ts'
import { serveWithoutUpgrade } from './serve-without-upgrade.ts'
import { SocketConnection, type SocketExtra, withoutHttp } from './socket-connection.ts'

export interface SocketsParts {
  readonly handler: GraphQLHandler
  readonly viewAs: ViewAs
  readonly credentials: CredentialWatch
  readonly securityHeaders: SecurityHeaders
}

/** The WebSockets of a server, in the protocol graphql-transport-ws. */
export interface Sockets {
  /** That are open. */
  readonly count: number
  /** Ends every connection as soon as its queries and mutations have ended; no new one is taken. */
  drain(): void
  /** Cuts off what is left. */
  terminate(): void
}

/** Serves the API over WebSockets at its path. */
export function createSockets(server: Server, options: ResolvedOptions, parts: SocketsParts): Sockets {
  const connections = new Set<SocketConnection>()
  const counts = new Tally()
  const admit = createAdmission(options)
  const acceptor = createAcceptor(options)
  const tools = {
    options,
    credentials: parts.credentials,
    protocol: createProtocol(options),
    identify: parts.viewAs.identify,
    run: parts.handler.run,
  }
  let isClosing = false
  let total = 0

  const accept = (request: IncomingMessage, socket: Duplex, head: Buffer, http: ServerExchange) => {
    acceptor.handleUpgrade(request, socket, head, opened => {
      const connection = new SocketConnection(opened, request, http, tools)
      connections.add(connection)
      opened.once('close', () => connections.delete(connection))
    })
  }

  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer, record: RequestRecord) => {
    const http = createHttpExchange(request, record.requestId, options.readAddress)
    const key = addressKey(http.address)
    const state = { isClosing, count: counts.count(key), total }
    total += 1
    const giveBack = counts.add(key)
    socket.once('close', () => {
      giveBack()
      total -= 1
    })
    const found =
      admit(request, state) ??
      (await spendOnUpgrade(options, http)) ??
      (await assertOpen(options, () => tools.identify(request, http)))
    // closing may have begun meanwhile
    const refused = found ?? (isClosing ? refusal('UNAVAILABLE', 'This server is shutting down.') : undefined)
    if (!refused) accept(request, socket, head, http)
    else refuse(socket, refused, record, options, parts.securityHeaders)
  }

  server.on('upgrade', (request, socket, head) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
      serveWithoutUpgrade(server, request, socket, head)
      return
    }
    const record = createRequestRecord(request)
    // until ws listens: a client that goes away is no fault
    const ignore = () => undefined
    socket.on('error', ignore)
    upgrade(request, socket, head, record).catch((error: unknown) => {
      refuse(socket, toRefusal(error, options), record, options, parts.securityHeaders)
    })
  })

  return {
    get count() {
      return connections.size
    },
    drain() {
      isClosing = true
      for (const connection of connections) connection.drain()
    },
    terminate() {
      for (const connection of connections) connection.terminate()
    },
  }
}

function createAcceptor({ connections }: ResolvedOptions): WebSocketServer {
  // its types do not know closeTimeout yet
  const acceptorOptions: AcceptorOptions & { readonly closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    maxPayload: connections.messageBytes,
    // small messages gain little by it, and each connection would pay with memory
    perMessageDeflate: false,
    // a connection of no known protocol is opened, so that graphql-ws can close it with 4406
    handleProtocols: offered =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false,
    // SocketConnection decides how long a client has for its close frame
    closeTimeout: connections.stallMilliseconds + 60_000,
  }
  return new WebSocketServer(acceptorOptions)
}

/** What graphql-ws hands from `onSubscribe` to `execute`: the operation has run by then, through Yoga. */
interface RunOperation extends ExecutionArgs {
  readonly answer: OperationAnswer
}

/** graphql-ws asks a document which operation it has; it decides nothing by it. */
const standIn = parse('{ __typename }')

function createProtocol({ connections }: ResolvedOptions) {
  return makeServer<Readonly<Record<string, unknown>>, SocketExtra>({
    connectionInitWaitTimeout: connections.initMilliseconds,
    onConnect: ({ extra, connectionParams }) => extra.connection.connect(connectionParams),
    onSubscribe: async ({ extra }, id, payload) => {
      const answer = await extra.connection.run(id, toParams(payload))
      // an operation that never ran is an `error` message and no `next`
      if (isSingleResult(answer) && answer.errors && !('data' in answer)) return answer.errors
      return { document: standIn, answer } as unknown as RunOperation
    },
    execute: args => (args as RunOperation).answer,
    onNext: ({ extra }, _id, _payload, _args, result) =>
      extra.connection.texts.hold(withoutHttp(result)) as never,
    onError: (_context, _id, _payload, errors) =>
      withoutHttp({ errors: errors as GraphQLError[] }).errors as never,
  })
}

function refuse(
  socket: Duplex,
  refused: UpgradeRefusal,
  record: RequestRecord,
  options: ResolvedOptions,
  securityHeaders: SecurityHeaders,
): void {
  record.errorCodes.add(refused.code)
  noteAccess(options, record, refused.status)
  refuseUpgrade(socket, refused, securityHeaders)
}

function toRefusal(thrown: unknown, options: ResolvedOptions): UpgradeRefusal {
  const { message, extensions } = toClientError(thrown, options)
  const { code, http } = extensions as unknown as { code: UpgradeRefusal['code']; http: { status: number } }
  return { status: http.status, code, message }
}
