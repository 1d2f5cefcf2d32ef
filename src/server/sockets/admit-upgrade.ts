import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Identity } from '../../auth/index.ts'
import type { HttpExchange } from '../../engine/index.ts'
import { type ErrorCatalogueCode, errorCatalogue } from '../../errors.ts'
import { rateKey } from '../../limits/index.ts'
import { createHostCheck } from '../allowed-hosts.ts'
import { isTrustedOrigin } from '../cross-site-fault.ts'
import { isHost, misdirected } from '../host.ts'
import type { ResolvedOptions } from '../options.ts'
import type { SecurityHeaders } from '../security-headers.ts'
import { errorBody } from '../send.ts'

/** Why a request is not upgraded. */
export interface UpgradeRefusal {
  readonly status: number
  readonly code: ErrorCatalogueCode
  readonly message: string
}

export interface AdmissionState {
  readonly isClosing: boolean
  /** Sockets of the request's address that are open already. */
  readonly count: number
  /** Of all addresses. */
  readonly total: number
}

/**
 * Returns a function that says why a request may not open a WebSocket, by all that is known before anybody has said who
 * asks; undefined for one that may.
 */
export function createAdmission(
  options: ResolvedOptions,
): (request: IncomingMessage, state: AdmissionState) => UpgradeRefusal | undefined {
  const isAllowedHost = createHostCheck(options.allowedHosts)
  const { connectionsPerAddress, connections } = options.connections
  return (request, { isClosing, count, total }) => {
    const { host } = request.headers
    if (!isHost(host))
      return refusal('BAD_REQUEST', 'The Host header of this request is not a host name or address.')
    if (!isAllowedHost(host)) {
      const message =
        'This server does not answer for the host of this request. Its operator can add it to ALLOWED_HOSTS.'
      return { ...refusal('BAD_REQUEST', message), status: misdirected }
    }
    if (!isGraphQLPath(request.url ?? '', options.graphqlPath)) {
      return refusal('NOT_FOUND', `No WebSocket is served here. The API is at ${options.graphqlPath}.`)
    }
    // browsers ask nobody before they open one to another origin, and send their cookies along
    if (!isTrustedOrigin(request, options)) {
      const message =
        'A page of another origin has asked for this WebSocket. To let its pages in, add the origin to REFRACT_CORS_ORIGINS.'
      return refusal('FORBIDDEN', message)
    }
    if (isClosing) return refusal('UNAVAILABLE', 'This server is shutting down.')
    // a load balancer can ask another process
    if (total >= connections)
      return refusal('UNAVAILABLE', 'This server has as many connections as it takes.')
    if (count >= connectionsPerAddress) {
      const message = `Too many connections: ${connectionsPerAddress} are open from this address, the most that are accepted.`
      return refusal('RATE_LIMITED', message)
    }
    return undefined
  }
}

/** Lets a new connection cost a point of its address. Returns why it may not be, where nothing is left. */
export async function spendOnUpgrade(
  { rateLimiter }: ResolvedOptions,
  { address }: HttpExchange,
): Promise<UpgradeRefusal | undefined> {
  if (!rateLimiter) return undefined
  const key = rateKey(null, address)
  const state = rateLimiter.refusal(key) ?? (await rateLimiter.spend(key, 1))
  if (state.isAllowed) return undefined
  return refusal('RATE_LIMITED', `Too many requests. There are new points in ${state.secondsLeft} seconds.`)
}

/** While the API is closed, operators show who they are with the request: nobody else gets a connection. */
export async function assertOpen(
  { access, accessSetting }: ResolvedOptions,
  identify: () => Promise<Identity>,
): Promise<UpgradeRefusal | undefined> {
  if (access === 'everyone' || (await identify()).viewer.isAdministrator) return undefined
  const message = `This API is closed: it has no policies that say who may use it. Its operator can write some, or set ${accessSetting}.`
  return refusal('FORBIDDEN', message)
}

/** Answers a request that is not upgraded, and ends its connection. */
export function refuseUpgrade(
  socket: Duplex,
  { status, code, message }: UpgradeRefusal,
  securityHeaders: SecurityHeaders,
): void {
  const body = JSON.stringify(errorBody(code, message))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Content-Type: application/json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      ...securityHeaders.map(([name, value]) => `${name}: ${value}`),
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
    () => socket.destroy(),
  )
}

export function refusal(code: ErrorCatalogueCode, message: string): UpgradeRefusal {
  return { status: errorCatalogue[code].status, code, message }
}

function isGraphQLPath(target: string, path: string): boolean {
  const [asked] = target.split('?', 1)
  return asked === path || asked === `${path}/`
}
