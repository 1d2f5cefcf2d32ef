import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { type AuthProvider, type DevelopmentViewer, type Identity, toIdentity } from '../auth/index.ts'
import { administrator, createViewer, type HttpExchange, type Viewer } from '../engine/index.ts'
import { RefractError } from '../errors.ts'

/** The header in which GraphiQL says whom it acts as. */
export const viewAsHeader = 'x-refract-view-as'

/** Somebody whom GraphiQL can act as; `token` goes into the header. */
export interface ViewAsEntry {
  readonly key: string
  readonly label: string
  readonly token: string
}

/** Lets the developer at this machine act as any user, without a password. */
export interface ViewAs {
  /** Whom GraphiQL can act as; null where the request is not from a browser on this machine. */
  list(request: IncomingMessage): Promise<readonly ViewAsEntry[] | null>
  /**
   * Who asks: by the header where there is one, otherwise as usual.
   *
   * @throws RefractError UNAUTHENTICATED for a header that is not right, or that is not from this machine
   */
  identify(request: IncomingMessage, http: HttpExchange): Promise<Identity>
}

export interface ViewAsOptions {
  readonly isProduction: boolean
  readonly identify: (http: HttpExchange) => Promise<Viewer | Identity>
  readonly developmentUsers?: DevelopmentUsers | undefined
}

/** The users of a project's sign-in. */
export type DevelopmentUsers = Required<Pick<AuthProvider, 'developmentViewers' | 'viewerOf'>>

const administratorKey = 'administrator'
const userPrefix = 'user:'

/** In production there is no such thing, and the header means nothing. */
export function createViewAs({ isProduction, identify, developmentUsers }: ViewAsOptions): ViewAs {
  const identifyUsually = (http: HttpExchange) => identify(http).then(found => toIdentity(found, http))
  if (isProduction) return { list: async () => null, identify: (_request, http) => identifyUsually(http) }
  // Of this process: a token is worth nothing anywhere else.
  const secret = randomBytes(32)
  const entry = (key: string, label: string): ViewAsEntry => ({ key, label, token: sign(secret, key) })
  return {
    list: async request => {
      if (!isFromThisMachine(request)) return null
      const users: readonly DevelopmentViewer[] = (await developmentUsers?.developmentViewers()) ?? []
      return [
        ...users.map(({ id, label }) => entry(`${userPrefix}${id}`, label)),
        entry(administratorKey, 'administrator'),
      ]
    },
    identify: async (request, http) => {
      const token = http.requestHeaders.get(viewAsHeader)
      if (token === null) return await identifyUsually(http)
      const key = isFromThisMachine(request) ? verify(secret, token) : undefined
      const viewer = key === undefined ? null : await findViewer(key, developmentUsers)
      if (viewer) return { viewer }
      throw new RefractError(
        'UNAUTHENTICATED',
        `The header ${viewAsHeader} is taken from a browser on this machine only, with a token that this process has made. Reload the page.`,
      )
    },
  }
}

async function findViewer(key: string, users: DevelopmentUsers | undefined): Promise<Viewer | null> {
  if (key === administratorKey) return administrator
  const found = key.startsWith(userPrefix) ? await users?.viewerOf(key.slice(userPrefix.length)) : null
  return found ? createViewer(found) : null
}

/**
 * Straight from this machine and under its own name: not through a tunnel or a proxy, which are on this machine too,
 * and not from a page whose name somebody has made to lead here.
 */
function isFromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const isForwarded = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'].some(
    name => headers[name] !== undefined,
  )
  if (isForwarded || !isLoopback(socket.remoteAddress ?? '')) return false
  const host = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1')
  return host.toLowerCase() === 'localhost' || isLoopback(host)
}

function isLoopback(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, '')
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'))
}

function sign(secret: Buffer, key: string): string {
  return `${Buffer.from(key).toString('base64url')}.${mac(secret, key).toString('base64url')}`
}

function verify(secret: Buffer, token: string): string | undefined {
  const [encoded = '', given = ''] = token.split('.')
  const key = Buffer.from(encoded, 'base64url').toString()
  const expected = mac(secret, key)
  const actual = Buffer.from(given, 'base64url')
  return actual.length === expected.length && timingSafeEqual(actual, expected) ? key : undefined
}

function mac(secret: Buffer, key: string): Buffer {
  return createHmac('sha256', secret).update(key).digest()
}
