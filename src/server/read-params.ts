import type { IncomingMessage } from 'node:http'
import type { GraphQLParams } from 'graphql-yoga'
import { RefractError } from '../errors.ts'
import { isPromise } from '../lib/is-promise.ts'
import { assertJsonDepth, assertVariables, type RequestLimits } from '../limits/index.ts'
import { readBody, readBytes } from './read-body.ts'
import { refuseCompressed } from './refuse-compressed.ts'

/** The parameters of a request, as they came: nobody has looked at them yet. */
export type RequestParams = GraphQLParams & { readonly documentId?: unknown }

/**
 * Returns the parameters of a GraphQL request: of the query string for GET, of a JSON body for POST. Media types that
 * a page of another origin can send without asking first (forms, plain text, none) are refused.
 *
 * Throws a RefractError, or rejects with it where something is still to come: UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE,
 * REQUEST_TIMEOUT, BAD_REQUEST, or BAD_USER_INPUT for variables that are over a limit.
 */
export function readParams(
  request: IncomingMessage,
  limits: RequestLimits,
): Promise<RequestParams> | RequestParams {
  if (request.method === 'GET') return checked(readQueryString(request.url ?? '', limits), limits)
  assertMediaType(request)
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? ''
  if (encoding !== 'identity' && encoding !== '') {
    return refuseCompressed(encoding, limits, () => readBytes(request, limits))
  }
  const body = readBody(request, limits)
  return isPromise(body) ? body.then(text => toParams(text, limits)) : toParams(body, limits)
}

function checked(params: RequestParams, limits: RequestLimits): RequestParams {
  assertParams(params, limits)
  return params
}

/** @throws RefractError BAD_USER_INPUT for variables that are over a limit */
export function assertParams({ variables }: RequestParams, limits: RequestLimits): void {
  // Yoga checks that they are an object.
  if (typeof variables === 'object' && variables !== null) assertVariables(variables, limits)
}

function toParams(text: string, limits: RequestLimits): RequestParams {
  const body = parseJson(text, 'body', limits)
  if (typeof body !== 'object' || body === null) {
    throw new RefractError(
      'BAD_REQUEST',
      `The body of a GraphQL request is a JSON object, not ${nameOf(body)}.`,
    )
  }
  // Yoga checks the parameters themselves, and refuses an array of operations.
  return checked(body as RequestParams, limits)
}

function readQueryString(target: string, limits: RequestLimits): RequestParams {
  const queryStart = target.indexOf('?')
  const search = new URLSearchParams(queryStart === -1 ? '' : target.slice(queryStart + 1))
  const json = (name: string) => {
    const text = search.get(name)
    return text ? (parseJson(text, `parameter ${name}`, limits) as Record<string, unknown>) : undefined
  }
  return {
    query: search.get('query') || undefined,
    operationName: search.get('operationName') || undefined,
    documentId: search.get('documentId') || undefined,
    variables: json('variables'),
    extensions: json('extensions'),
  }
}

function parseJson(text: string, where: string, limits: RequestLimits): unknown {
  assertJsonDepth(text, limits.nesting)
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new RefractError('BAD_REQUEST', `The ${where} of this request is not valid JSON.`)
    }
    throw error
  }
}

function assertMediaType(request: IncomingMessage): void {
  if (request.headers['content-type'] === 'application/json') return
  const [mediaType = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  if (mediaType.trim() !== 'application/json') {
    throw new RefractError(
      'UNSUPPORTED_MEDIA_TYPE',
      'A GraphQL request by POST is sent as Content-Type: application/json.',
    )
  }
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=')
    if (name.trim() === 'charset' && !/^"?utf-?8"?$/.test(value.trim())) {
      throw new RefractError(
        'UNSUPPORTED_MEDIA_TYPE',
        'A GraphQL request is encoded in UTF-8, no other charset.',
      )
    }
  }
}

function nameOf(value: unknown): string {
  return value === null ? 'null' : `a ${typeof value}`
}
