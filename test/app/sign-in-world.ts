import { readFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { onTestFinished } from 'vitest'
import { PrismaClient } from '../../.refract/generated/client/client.ts'
import { getDatamodel } from '../../.refract/generated/pothos.ts'
import config from '../../refract.config.ts'
import { createSignInProvider } from '../../src/app/auth/create-provider.ts'
import type { SignInSettings } from '../../src/app/auth/settings.ts'
import { createAccounts } from '../../src/app/seed/people.ts'
import {
  type AuthProvider,
  createAdminSecretIdentifier,
  createIdentify,
  type Identity,
} from '../../src/auth/index.ts'
import { createClient, type Database, openDatabase } from '../../src/database/index.ts'
import {
  createEngine,
  type DatamodelDescription,
  type Engine,
  type HttpExchange,
} from '../../src/engine/index.ts'
import { getOrCreate } from '../../src/lib/get-or-create.ts'
import type { CreateAttemptLimiter } from '../../src/limits/index.ts'
import { createLog } from '../../src/observe/log.ts'
import { startServer } from '../../src/server/index.ts'
import { captureLines } from '../server/test-server.ts'
import { createAttemptLimiter } from '../support/attempt-limiter.ts'
import { createExampleDatabase, type ExampleDatabase } from './example-database.ts'

const datamodelFile = new URL('../../.refract/generated/datamodel.json', import.meta.url)

export const origin = 'http://localhost:4000'
export const password = 'welcome-to-refract'
export const adminSecret = 'an-operators-secret-of-32-characters-or-more'

/** A database with people in it, of whom all have the password of the seed. */
export interface World {
  readonly client: PrismaClient
  readonly database: ExampleDatabase
  readonly opened: Database
  /** Starts a server on it, which ends with the test. */
  start(options?: StartOptions): Promise<SignInServer>
  /** Makes a user, by default a member who is active. */
  createUser(name: string, changes?: { role?: 'ADMIN' | 'MEMBER'; isActive?: boolean }): Promise<User>
  close(): Promise<void>
}

export interface User {
  readonly id: string
  readonly email: string
}

export interface StartOptions {
  readonly isProduction?: boolean
  readonly settings?: Partial<SignInSettings>
  /** Default: one that counts in memory. */
  readonly createAttemptLimiter?: CreateAttemptLimiter
  /** Instead of the world's own, such as one that reaches no database. */
  readonly client?: PrismaClient
}

export interface SignInServer {
  readonly url: string
  readonly provider: AuthProvider
  readonly identify: (http: HttpExchange) => Promise<Identity>
  readonly lines: readonly string[]
  line(pattern: RegExp): Promise<string>
  /** A browser without cookies, at an address of the loopback network. */
  browser(address?: string): Browser
}

export async function createWorld(kind?: ExampleDatabase['kind']): Promise<World> {
  const database = await createExampleDatabase(kind)
  const opened = await openDatabase({ url: database.url, projectDir: process.cwd() })
  const client = createClient(opened, PrismaClient)
  return {
    client,
    database,
    opened,
    start: options => startSignIn(client, options),
    createUser: (name, changes) => createUser(client, name, changes),
    close: async () => {
      await client.$disconnect()
      await opened.close()
      await database.drop()
    },
  }
}

async function startSignIn(
  worldClient: PrismaClient,
  { isProduction = false, settings, client = worldClient, ...options }: StartOptions = {},
): Promise<SignInServer> {
  const { lines, line, destination } = captureLines()
  const log = createLog({ isProduction, destination })
  const limiters = options.createAttemptLimiter ?? createAttemptLimiter
  const provider = createSignInProvider(
    {
      client,
      isProduction,
      baseUrl: isProduction ? 'https://api.example.com' : origin,
      trustedOrigins: ['https://app.example.com'],
      secret: 'a-secret-of-the-tests-that-is-long-enough',
      createAttemptLimiter: limiters,
      log,
    },
    { google: undefined, github: undefined, mailWebhook: undefined, ...settings },
  )
  const identify = createIdentify({
    identifyAdministrator: createAdminSecretIdentifier({
      secret: adminSecret,
      createAttemptLimiter: limiters,
    }),
    provider,
  })
  const engine = getOrCreate(engines, client, () => createExampleEngine(client))
  const server = await startServer({
    schema: engine.schemaFor,
    createContext: context => engine.createContext(context),
    identify,
    recheck: provider.recheck,
    webRoutes: provider.routes ?? {},
    ping: async () => undefined,
    host: '127.0.0.1',
    port: 0,
    isProduction,
    access: 'everyone',
    publicUrl: isProduction ? 'https://api.example.com' : origin,
    corsOrigins: ['https://app.example.com'],
    isCostAnnounced: false,
    lingerMilliseconds: 0,
    log,
  })
  onTestFinished(() => server.close())
  const browser = (address?: string) => createBrowser(server.port, address, isProduction)
  return { url: server.url, provider, identify, lines, line, browser }
}

/** Building the API takes longer than most of what a test does with it. */
const engines = new WeakMap<PrismaClient, Engine>()

function createExampleEngine(client: PrismaClient): Engine {
  return createEngine({
    datamodel: JSON.parse(readFileSync(datamodelFile, 'utf8')) as DatamodelDescription,
    pothosDatamodel: getDatamodel(),
    client,
    config,
  })
}

async function createUser(
  client: PrismaClient,
  name: string,
  { role = 'MEMBER', isActive = true }: { role?: 'ADMIN' | 'MEMBER'; isActive?: boolean } = {},
): Promise<User> {
  const handle = name.toLowerCase()
  const user = await client.user.create({
    data: { name, handle, email: `${handle}@example.com`, emailVerified: true, role, isActive },
  })
  for (const data of createAccounts([user])) await client.account.create({ data })
  return user
}

export interface BrowserAnswer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what its own request asked for
  readonly body: any
}

/** Keeps cookies and sends its origin, as a page of the API's own origin does. */
export interface Browser {
  readonly cookies: Map<string, string>
  request(
    method: string,
    path: string,
    body?: string,
    headers?: Record<string, string>,
  ): Promise<BrowserAnswer>
  /** Posts JSON to an endpoint of better-auth. */
  post(path: string, body?: object): Promise<BrowserAnswer>
  get(path: string): Promise<BrowserAnswer>
  graphql(query: string, variables?: object, headers?: Record<string, string>): Promise<BrowserAnswer>
  signIn(email: string, password?: string): Promise<BrowserAnswer>
  /** The id of whom the server takes this browser for. */
  viewerId(): Promise<string | null>
}

function createBrowser(port: number, localAddress = '127.0.0.1', isProduction = false): Browser {
  const cookies = new Map<string, string>()
  const request: Browser['request'] = async (method, path, body, headers = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await send(port, localAddress, method, path, body, {
      Origin: isProduction ? 'https://api.example.com' : origin,
      ...(cookie ? { Cookie: cookie } : {}),
      ...headers,
    })
    for (const line of answer.headers.getSetCookie()) keepCookie(cookies, line)
    return answer
  }
  const json = { 'Content-Type': 'application/json' }
  const graphql: Browser['graphql'] = (query, variables = {}, headers = {}) =>
    request('POST', '/graphql', JSON.stringify({ query, variables }), { ...json, ...headers })
  return {
    cookies,
    request,
    post: (path, body = {}) => request('POST', `/api/auth${path}`, JSON.stringify(body), json),
    get: path => request('GET', `/api/auth${path}`),
    graphql,
    signIn: (email, given = password) => graphql(signInMutation, { email, password: given }),
    viewerId: async () => (await graphql('{ viewer { id } }')).body.data.viewer.id,
  }
}

export const signInMutation = `mutation ($email: String!, $password: String!) {
  signIn(email: $email, password: $password) {
    viewer { id roles isAdministrator }
    errors { __typename code message path }
  }
}`

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const [name = '', value = ''] = pair.split('=')
  if (attributes.includes('Max-Age=0')) cookies.delete(name)
  else cookies.set(name, value)
}

/** Not by fetch, which lets nobody choose an address to send from. */
function send(
  port: number,
  localAddress: string,
  method: string,
  path: string,
  body: string | undefined,
  headers: Record<string, string>,
): Promise<BrowserAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { host: '127.0.0.1', port, localAddress, method, path, headers, agent: false },
      response => {
        let text = ''
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk
        })
        response.on('end', () => {
          const answered = new Headers()
          for (const [name, values] of Object.entries(response.headersDistinct)) {
            for (const value of values ?? []) answered.append(name, value)
          }
          const isJson = answered.get('content-type')?.includes('json') && text !== ''
          resolve({
            status: response.statusCode ?? 0,
            headers: answered,
            body: isJson ? JSON.parse(text) : text,
          })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
