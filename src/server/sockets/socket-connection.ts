import type { IncomingMessage } from 'node:http'
import type { ExecutionResult } from 'graphql'
import type { Server as ProtocolServer } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { CredentialWatch, Identity } from '../../auth/index.ts'
import { RefractError } from '../../errors.ts'
import { logConnection } from '../../observe/access-log.ts'
import { describeError } from '../../observe/describe-error.ts'
import { toClientError } from '../client-error.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import { createExchange, type ServerExchange } from '../http-exchange.ts'
import { isSingleResult } from '../is-single-result.ts'
import { noteAccess } from '../note-access.ts'
import type { ResolvedOptions } from '../options.ts'
import type { OperationAnswer } from '../plugins/operation-plugin.ts'
import type { RequestParams } from '../read-params.ts'
import { createOperationRecord, createRequestRecord, type RequestRecord } from '../request-record.ts'
import { credentialFault } from '../streams/credential-fault.ts'
import { clipReason, closeCodes, resumeReason } from './close-codes.ts'
import { withCredentials } from './credential-headers.ts'
import { HeldTexts } from './held-texts.ts'
import { createMessageRate } from './message-rate.ts'
import { Outbox } from './outbox.ts'
import { readMessage } from './read-message.ts'
import { createEventFlow, SocketOperation } from './socket-operation.ts'

export interface ConnectionTools {
  readonly options: ResolvedOptions
  readonly credentials: CredentialWatch
  readonly protocol: ProtocolServer<SocketExtra>
  identify(request: IncomingMessage, http: ServerExchange): Promise<Identity>
  run(params: RequestParams, context: ServerContext): Promise<OperationAnswer>
}

/** What graphql-ws keeps for us with each socket. */
export interface SocketExtra {
  readonly connection: SocketConnection
}

const closeMilliseconds = 1_000 // for the client's own close frame to come

/** One WebSocket, from its opening to its end. */
export class SocketConnection {
  /** Of answers that are on their way through graphql-ws. */
  readonly texts = new HeldTexts()
  readonly #socket: WebSocket
  readonly #request: IncomingMessage
  readonly #record: RequestRecord
  readonly #tools: ConnectionTools
  readonly #outbox: Outbox
  readonly #mayCome: () => boolean
  readonly #operations = new Map<string, SocketOperation>()
  #http: ServerExchange
  #identity: Promise<Identity> | undefined
  #unwatch: () => void = () => undefined
  #operationCount = 0
  #cursor: string | undefined
  #isClosing = false
  #isDraining = false
  #isAnswered = true

  constructor(socket: WebSocket, request: IncomingMessage, http: ServerExchange, tools: ConnectionTools) {
    const { connections } = tools.options
    this.#socket = socket
    this.#request = request
    this.#http = http
    this.#tools = tools
    this.#record = createRequestRecord(request, http.requestId)
    this.#mayCome = createMessageRate(connections.messagesPerSecond)
    this.#outbox = new Outbox(socket, request.socket, { ...connections, onStall: () => this.#closeTooSlow() })
    this.#open()
  }

  /**
   * Finds out who asks, by the payload of `connection_init` and the request that opened the socket. Returns whether the
   * connection goes on; where not, it is closed with the reason.
   */
  async connect(payload: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const { credentials, identify } = this.#tools
    try {
      const { requestId, address, requestHeaders } = this.#http
      this.#http = createExchange({
        requestId,
        address,
        requestHeaders: withCredentials(requestHeaders, payload),
      })
      const identity = await identify(this.#request, this.#http)
      if (this.#isClosing) return false
      this.#identity = Promise.resolve(identity)
      this.#record.viewer = identity.viewer
      this.#unwatch = credentials.watch(identity, end => {
        const { closeCode, error } = credentialFault(end)
        this.close(closeCode, error.message)
      })
      return true
    } catch (error) {
      this.#refuse(error)
      return false
    }
  }

  /** Runs an operation; its answer is the client's to see. */
  async run(id: string, params: RequestParams): Promise<OperationAnswer> {
    const { options, run } = this.#tools
    const { operationsPerConnection } = options.connections
    if (this.#operations.size >= operationsPerConnection) {
      const error = new RefractError(
        'RATE_LIMITED',
        `Too many operations: ${operationsPerConnection} run on this connection, the most that are accepted. End some of them first.`,
      )
      return { errors: [toClientError(error, options)] }
    }
    const operation = this.#begin(id)
    const answer = await run(params, this.#createContext(operation))
    if (isSingleResult(answer)) {
      operation.deliver()
      return answer
    }
    return createEventFlow(answer, {
      operation,
      room: () => this.#outbox.room(),
      onSent: event => {
        this.#cursor = options.resumeCursorOf(event) ?? this.#cursor
      },
    })
  }

  /**
   * Takes no further messages, and closes when all operations but subscriptions have ended. Those go on until then: to end
   * one before its socket would tell the client that there is nothing to come back for.
   */
  drain(): void {
    this.#isDraining = true
    this.#closeDrained()
  }

  /** Ends all operations and closes; the first reason counts. */
  close(code: number, reason: string, milliseconds = closeMilliseconds): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#abandon()
    this.#socket.close(code, clipReason(reason))
    const timer = setTimeout(() => this.terminate(), milliseconds)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  /** Ends the connection without a word. */
  terminate(): void {
    this.#socket.terminate()
  }

  #open(): void {
    const socket = this.#socket
    const { protocol, options } = this.#tools
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: text => this.#outbox.send(this.texts.fill(text)),
        close: (code = 1000, reason = '') => this.close(code, reason),
        onMessage: receive => {
          socket.on('message', (data, isBinary) => this.#receive(data.toString(), isBinary, receive))
        },
      },
      { connection: this },
    )
    // such as a message that is too large: ws closes with the right code by itself
    socket.on('error', () => this.#abandon())
    socket.on('ping', () => this.#count())
    socket.on('pong', () => {
      this.#isAnswered = true
    })
    const pings = setInterval(() => this.#ping(), options.connections.pingMilliseconds)
    pings.unref()
    socket.once('close', (code, reason) => {
      clearInterval(pings)
      this.#isClosing = true
      this.#abandon()
      this.#log(code, reason.toString())
      closed(code, reason.toString()).catch((error: unknown) => this.#fail(error))
    })
  }

  #receive(text: string, isBinary: boolean, receive: (message: string) => Promise<void>): void {
    if (this.#isClosing || this.#isDraining || !this.#count()) return
    const message = isBinary ? undefined : readMessage(text, this.#tools.options.limits)
    if (!message) {
      this.close(closeCodes.badRequest, 'Invalid message received')
      return
    }
    if (message.type === 'complete' && message.id !== undefined) this.#operations.get(message.id)?.abort()
    // graphql-ws parses texts only, and takes what is parsed as it is
    receive(message as unknown as string).catch((error: unknown) => this.#fail(error))
  }

  /** Counts a message. Returns whether it may be looked at. */
  #count(): boolean {
    if (this.#mayCome()) return true
    this.close(closeCodes.tooManyMessages, 'Too many messages')
    return false
  }

  #begin(id: string): SocketOperation {
    const requestId = `${this.#http.requestId}.${++this.#operationCount}`
    const operation = new SocketOperation(createOperationRecord(this.#record, requestId))
    this.#operations.set(id, operation)
    operation.onClose(() => {
      if (this.#operations.get(id) === operation) this.#operations.delete(id)
      noteAccess(this.#tools.options, operation.record, operation.status)
      if (this.#isDraining) setImmediate(() => this.#closeDrained())
    })
    return operation
  }

  #createContext(operation: SocketOperation): ServerContext {
    const identity = this.#identity ?? Promise.reject(new Error('An operation came before connection_init.'))
    const { requestHeaders, address } = this.#http
    return {
      req: this.#request,
      way: operation,
      record: operation.record,
      http: createExchange({ requestId: operation.record.requestId, requestHeaders, address }),
      identity,
    }
  }

  #ping(): void {
    if (!this.#isAnswered) {
      this.terminate()
      return
    }
    this.#isAnswered = false
    this.#socket.ping()
  }

  #closeTooSlow(): void {
    const { stallMilliseconds } = this.#tools.options.connections
    // whoever reads on gets the reason after all that was sent before
    this.close(closeCodes.tooSlow, resumeReason('Too slow', this.#cursor), stallMilliseconds)
  }

  #closeDrained(): void {
    const operations = [...this.#operations.values()]
    if (operations.some(({ record }) => record.operationType !== 'subscription')) return
    this.close(closeCodes.restart, resumeReason('Service restart', this.#cursor))
  }

  #refuse(thrown: unknown): void {
    const { message, extensions } = toClientError(thrown, this.#tools.options)
    const { code } = extensions
    if (typeof code === 'string') this.#record.errorCodes.add(code)
    if (code === 'UNAUTHENTICATED') this.close(closeCodes.unauthorized, message)
    else if (code === 'FORBIDDEN') this.close(closeCodes.forbidden, message)
    else if (code === 'INTERNAL') this.close(closeCodes.internal, message)
    else this.close(closeCodes.tryAgainLater, message)
  }

  /** What went wrong in graphql-ws, or in here, is nothing for the client. */
  #fail(error: unknown): void {
    const err = describeError(error)
    this.#tools.options.log.error(`A message of a WebSocket failed: ${err.message}`, {
      requestId: this.#record.requestId,
      err,
    })
    this.close(closeCodes.internal, 'Internal server error')
  }

  #abandon(): void {
    this.#unwatch()
    this.#outbox.close()
    for (const operation of [...this.#operations.values()]) operation.abort()
  }

  #log(code: number, reason: string): void {
    const entry = {
      path: this.#record.path,
      requestId: this.#record.requestId,
      closeCode: code,
      reason,
      milliseconds: performance.now() - this.#record.startedAt,
      errorCodes: [...this.#record.errorCodes],
      operations: this.#operationCount,
    }
    const { log, metrics } = this.#tools.options
    logConnection(log, entry)
    metrics.connection(entry)
  }
}

/** The result as a message has it: without what only HTTP needs. */
export function withoutHttp(result: ExecutionResult) {
  return result.errors ? { ...result, errors: result.errors.map(withoutStatus) } : result
}

function withoutStatus(error: NonNullable<ExecutionResult['errors']>[number]) {
  const { extensions, ...rest } = error.toJSON()
  const { http: _http, ...kept } = extensions ?? {}
  return { ...rest, extensions: kept }
}
