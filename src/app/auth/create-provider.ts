import { defaultKeyHasher } from '@better-auth/api-key'
import { getSessionCookie } from 'better-auth/cookies'
import type { HttpExchange, ProjectClient, ProjectViewer, Viewer } from '../../engine/index.ts'
import { RefractError } from '../../errors.ts'
import type { AuthProvider, AuthSetup, WebRoute } from '../../index.ts'
import { registerAccounts } from './accounts.ts'
import { createAccounts } from './create-accounts.ts'
import { createAdministrator } from './create-administrator.ts'
import { type Auth, authPath, cookiePrefix, createAuth } from './create-auth.ts'
import { withFaults } from './database-faults.ts'
import { copyCookies, toHeaders } from './exchange.ts'
import { createRecheck } from './recheck.ts'
import { readSignInSettings, type SignInSettings } from './settings.ts'
import { toViewer } from './to-viewer.ts'

const mostDevelopmentViewers = 100
const lastRequestMilliseconds = 60_000 // 1 minute: a write at every request would be one too many

/** The sign-in of the example, by better-auth: passwords, sessions in cookies, API keys, social sign-in. */
export function createSignInProvider(
  setup: AuthSetup,
  settings: SignInSettings = readSignInSettings(process.env),
): AuthProvider {
  const { client } = setup
  const auth = createAuth(setup, settings)
  const viewerOf = (userId: string) => findViewer(client, userId)
  registerAccounts(client, createAccounts(auth, viewerOf))
  return {
    identify: http => identifySession(auth, http),
    identifyToken: token => identifyKey(client, token),
    recheck: createRecheck(client),
    routes: { [authPath]: createRoute(auth) },
    viewerOf,
    findUser: name => findUser(client, name),
    developmentViewers: () => listUsers(client),
    createAdministrator: administrator => createAdministrator(auth, client, administrator),
  }
}

/** One statement where there is a cookie, none where there is none. */
async function identifySession(auth: Auth, http: HttpExchange): Promise<Viewer | null> {
  if (!getSessionCookie(http.requestHeaders, { cookiePrefix })) return null
  const { headers, response } = await withFaults(() =>
    auth.api.getSession({ headers: toHeaders(http), returnHeaders: true }),
  )
  copyCookies(headers, http)
  const viewer = response && toViewer(response.user)
  if (!viewer && headers.getSetCookie().length === 0) await expireCookie(auth, http)
  return viewer
}

/** A cookie whose signature is wrong, or whose user may not sign in any more, would come again and again. */
async function expireCookie(auth: Auth, http: HttpExchange): Promise<void> {
  const { name, attributes } = (await auth.$context).authCookies.sessionToken
  const secure = attributes.secure ? '; Secure' : ''
  http.responseHeaders.append('Set-Cookie', `${name}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${secure}`)
}

/** One statement, and once a minute another one that notes when the key was used. */
async function identifyKey(client: ProjectClient, token: string): Promise<Viewer | null> {
  const found = await client.apiKey.findUnique({
    where: { key: await defaultKeyHasher(token) },
    select: {
      id: true,
      enabled: true,
      expiresAt: true,
      lastRequest: true,
      user: { select: { id: true, role: true, isActive: true } },
    },
    relationLoadStrategy: 'join',
  })
  const now = Date.now()
  if (!found?.enabled || (found.expiresAt && found.expiresAt.getTime() <= now)) return null
  if ((found.lastRequest?.getTime() ?? 0) < now - lastRequestMilliseconds) {
    await client.apiKey.updateMany({ where: { id: found.id }, data: { lastRequest: new Date(now) } })
  }
  return toViewer(found.user)
}

async function findViewer(client: ProjectClient, userId: string): Promise<ProjectViewer | null> {
  const user = await client.user.findUnique({
    where: { id: userId },
    select: { id: true, role: true, isActive: true },
  })
  return user && toViewer(user)
}

async function findUser(client: ProjectClient, name: string): Promise<string | null> {
  const isId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(name)
  const user = await client.user.findFirst({
    where: isId ? { id: name } : { OR: [{ email: name.toLowerCase() }, { handle: name }] },
    select: { id: true },
  })
  return user?.id ?? null
}

async function listUsers(client: ProjectClient) {
  const users = await client.user.findMany({
    where: { isActive: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    take: mostDevelopmentViewers,
    select: { id: true, name: true, role: true },
  })
  return users.map(({ id, name, role }) => ({ id, label: `${name} – ${role.toLowerCase()}` }))
}

/**
 * better-auth's own endpoints. They take JSON only: forms and plain text are what a page of another origin can send
 * without asking.
 */
function createRoute(auth: Auth): WebRoute {
  return (request, http) => {
    const mediaType = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase()
    if (request.body !== null && mediaType !== 'application/json') {
      throw new RefractError('UNSUPPORTED_MEDIA_TYPE', 'Expected a body of Content-Type: application/json.')
    }
    return withFaults(() => auth.handler(new Request(request, { headers: toHeaders(http) })))
  }
}
