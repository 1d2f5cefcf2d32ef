import { randomUUID } from 'node:crypto'
import { GraphQLError, Kind } from 'graphql'
import { errorCatalogue, RefractError } from '../errors.ts'
import { describeError, reasonOf } from '../observe/describe-error.ts'
import type { Log } from '../observe/log.ts'
import { databaseFault } from './database-fault.ts'

export interface ClientErrorOptions {
  readonly isProduction: boolean
  readonly log: Log
}

/**
 * Returns what a client is told of a thrown value.
 *
 * - A RefractError passes with its code and details.
 * - A database that cannot be reached is UNAVAILABLE, one that took too long TIMEOUT; both are logged.
 * - A GraphQLError that somebody threw on purpose passes; without a code it gets one.
 * - Anything else is INTERNAL: logged with an id that the client gets as `extensions.id`. In production the message is
 *   masked, in development it is shown, without Prisma's excerpt of the source.
 *
 * `extensions.http` holds the status for a response without data; Yoga takes it out again.
 */
export function toClientError(thrown: unknown, options: ClientErrorOptions): GraphQLError {
  const cause = innermost(thrown)
  if (isRefractError(cause)) {
    const { details, message, code, status } = cause
    return located(thrown, message, { ...details, code }, status, retryAfter(details))
  }
  const fault = databaseFault(cause)
  if (fault) {
    return unavailable(thrown, cause, fault, options)
  }
  if (cause instanceof GraphQLError && !isFaultyResult(cause)) {
    return keepGraphQLError(thrown, cause)
  }
  if (isVariableError(thrown)) {
    return located(thrown, thrown.message, { code: 'BAD_USER_INPUT' }, 400)
  }
  return internal(thrown, cause, options)
}

function retryAfter({ retryAfterSeconds }: RefractError['details']): Readonly<Record<string, string>> {
  return typeof retryAfterSeconds === 'number' ? { 'Retry-After': String(retryAfterSeconds) } : {}
}

/** The same class may be loaded twice, once by a project's own configuration: so by name. */
function isRefractError(error: unknown): error is RefractError {
  return (
    error instanceof RefractError ||
    (error instanceof Error && error.name === 'RefractError' && 'code' in error && isCatalogued(error.code))
  )
}

function isCatalogued(code: unknown): boolean {
  return typeof code === 'string' && Object.hasOwn(errorCatalogue, code)
}

/** The error that a resolver threw, out of the GraphQLErrors that say where. */
function innermost(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError ? innermost(error.originalError) : error
}

/** A variable's scalar may throw any error; the GraphQLError round it names the variable and has no path. */
function isVariableError(error: unknown): error is GraphQLError {
  return (
    error instanceof GraphQLError &&
    error.path === undefined &&
    error.nodes?.[0]?.kind === Kind.VARIABLE_DEFINITION
  )
}

/** A value that a resolver returned does not fit its type: our fault, though graphql throws it as a GraphQLError. */
function isFaultyResult(error: GraphQLError): boolean {
  return !error.nodes && / cannot represent /.test(error.message) && error.extensions.code === undefined
}

function keepGraphQLError(thrown: unknown, cause: GraphQLError): GraphQLError {
  const isVariable = isVariableError(thrown)
  const {
    code: givenCode = isVariable || isAboutInput(cause) ? 'BAD_USER_INPUT' : 'BAD_REQUEST',
    http,
    ...rest
  } = cause.extensions
  // Yoga says BAD_REQUEST for a method too.
  const code = statusOf(http) === 405 ? 'METHOD_NOT_ALLOWED' : givenCode
  const status = isCatalogued(code) ? errorCatalogue[code as keyof typeof errorCatalogue].status : 400
  // Of a variable's error, the one outside names the variable.
  const error = located(thrown, isVariable ? thrown.message : cause.message, { ...rest, code }, status)
  if (http) {
    error.extensions.http = http
  }
  return error
}

function statusOf(http: unknown): unknown {
  return typeof http === 'object' && http !== null && 'status' in http ? http.status : undefined
}

/** Thrown by the executor about an argument or a variable: it points at a value, not at a field. */
function isAboutInput(error: GraphQLError): boolean {
  const kind = error.nodes?.[0]?.kind
  return kind !== undefined && (kind !== Kind.FIELD || /^Argument "/.test(error.message))
}

function unavailable(
  thrown: unknown,
  cause: unknown,
  fault: 'UNAVAILABLE' | 'TIMEOUT',
  { log }: ClientErrorOptions,
): GraphQLError {
  const id = randomUUID()
  const message =
    fault === 'UNAVAILABLE'
      ? 'The database cannot be reached at the moment. The request may be sent again in a few seconds.'
      : 'The database did not answer in time. The request may be sent again, or ask for less.'
  log.error(`${fault}: ${describeError(cause).message} (error ${id})`, {
    errorId: id,
    err: describeError(cause),
  })
  return located(thrown, message, { code: fault, id }, errorCatalogue[fault].status, { 'Retry-After': '1' })
}

function internal(thrown: unknown, cause: unknown, { isProduction, log }: ClientErrorOptions): GraphQLError {
  const id = randomUUID()
  const description = describeError(cause)
  const stack = isProduction || !description.stack ? '' : ` at ${firstFrame(description.stack)}`
  const name = description.name === 'Error' ? '' : `${description.name}: `
  log.error(`${name}${description.message}${stack} (error ${id})`, {
    errorId: id,
    err: description,
  })
  const message = !isProduction && cause instanceof Error ? reasonOf(cause) : 'Internal server error'
  return located(thrown, message, { code: 'INTERNAL', id }, 500)
}

function firstFrame(stack: string): string {
  return (stack.split('\n', 1)[0] ?? '').trim().replace(/^at /, '')
}

function located(
  thrown: unknown,
  message: string,
  extensions: Readonly<Record<string, unknown>>,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): GraphQLError {
  const where = thrown instanceof GraphQLError ? thrown : undefined
  return new GraphQLError(message, {
    nodes: where?.nodes,
    source: where?.source,
    positions: where?.positions,
    path: where?.path,
    extensions: { ...extensions, http: { status, headers, spec: isPartOfAnswer(thrown, status) } },
  })
}

/**
 * What the caller did wrong inside a well-formed request is 200 for `application/json` and has its status for
 * `application/graphql-response+json` (GraphQL over HTTP, "Status Codes"). A fault of ours, or a request that is not
 * well formed, has its status in both.
 */
function isPartOfAnswer(thrown: unknown, status: number): boolean {
  return (
    status < 500 && thrown instanceof GraphQLError && (thrown.path !== undefined || isVariableError(thrown))
  )
}
