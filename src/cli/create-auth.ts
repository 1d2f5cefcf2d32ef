import {
  type AuthConfig,
  type AuthProvider,
  type AuthSetup,
  createAdminSecretIdentifier,
  createIdentify,
  createJwtIdentifier,
  type Identity,
  readDevelopmentSecret,
} from '../auth/index.ts'
import type { Config } from '../config.ts'
import type { HttpExchange } from '../engine/index.ts'
import { StartError } from '../errors.ts'
import type { CreateAttemptLimiter } from '../limits/index.ts'
import type { Log } from '../observe/log.ts'
import { type GeneratedClient, isRecord, type LoadedProject, type Project } from '../project/index.ts'

/** How a project finds out who asks. */
export interface ProjectAuth {
  readonly identify: (http: HttpExchange) => Promise<Identity>
  /** The project's own sign-in, if it has one. */
  readonly provider: AuthProvider | undefined
}

export interface ProjectAuthOptions {
  readonly loaded: LoadedProject
  readonly client: GeneratedClient
  readonly project: Project
  readonly config: Config
  /** The port that browsers use, where REFRACT_PUBLIC_URL does not say more. */
  readonly port: number
  readonly log: Log
  readonly createAttemptLimiter: CreateAttemptLimiter
}

/** Makes what `auth` of refract.config.ts says. Throws a StartError where it, or a setting that it needs, is wrong. */
export async function createProjectAuth(options: ProjectAuthOptions): Promise<ProjectAuth> {
  const { jwt } = readAuthConfig(options.loaded)
  const provider = await createProvider(options)
  return {
    provider,
    identify: createIdentify({
      identifyAdministrator: createAdminSecretIdentifier({
        secret: options.config.adminSecret,
        createAttemptLimiter: options.createAttemptLimiter,
      }),
      identifyJwt: jwt && (await createJwtIdentifier(jwt, options.log)),
      provider,
    }),
  }
}

/** The project's own sign-in; undefined where it has none. */
export async function createProvider(options: ProjectAuthOptions): Promise<AuthProvider | undefined> {
  const { provider } = readAuthConfig(options.loaded)
  return await provider?.(createSetup(options))
}

/** `auth` of refract.config.ts, which may be JavaScript. */
export function readAuthConfig({ config }: LoadedProject): AuthConfig {
  const auth = config.auth ?? {}
  const expected = 'expected { jwt?: { … }, provider?: setup => … }'
  if (!isRecord(auth)) throw new StartError(`auth in refract.config.ts is ${typeof auth}, but ${expected}.`)
  const unknown = Object.keys(auth).find(name => name !== 'jwt' && name !== 'provider')
  if (unknown) throw new StartError(`auth.${unknown} in refract.config.ts is not known: ${expected}.`)
  if (auth.jwt !== undefined && !isRecord(auth.jwt))
    throw new StartError(`auth.jwt in refract.config.ts is ${typeof auth.jwt}, but ${expected}.`)
  if (auth.provider !== undefined && typeof auth.provider !== 'function')
    throw new StartError(`auth.provider in refract.config.ts is ${typeof auth.provider}, but ${expected}.`)
  // The rest of jwt is checked where it is used.
  return auth as AuthConfig
}

function createSetup(options: ProjectAuthOptions): AuthSetup {
  const { client, project, config, port, log, createAttemptLimiter } = options
  assertProductionSettings(config)
  return {
    // The project's own client, whose type only its configuration knows.
    client: client as unknown as AuthSetup['client'],
    isProduction: config.isProduction,
    baseUrl: config.publicUrl ?? `http://localhost:${port}`,
    trustedOrigins: [
      ...config.corsOrigins.filter(isOrigin),
      ...(config.isProduction ? [] : localOrigins(port)),
    ],
    secret: config.authSecret ?? readDevelopmentSecret(project.stateDirectory),
    createAttemptLimiter,
    log,
  }
}

/** A developer may type any of the names that this machine has for itself. */
function localOrigins(port: number): readonly string[] {
  return ['localhost', '127.0.0.1', '[::1]'].map(host => `http://${host}:${port}`)
}

function assertProductionSettings({ isProduction, authSecret, publicUrl }: Config): void {
  if (!isProduction) return
  const missing = [
    ...(authSecret === undefined
      ? ['REFRACT_AUTH_SECRET, to sign cookies with (refract create-admin --print-secret makes one)']
      : []),
    ...(publicUrl === undefined
      ? ['REFRACT_PUBLIC_URL, where browsers find this server, such as https://api.example.com']
      : []),
  ]
  if (missing.length === 0) return
  throw new StartError(
    `The sign-in of refract.config.ts needs ${missing.length === 1 ? 'a setting' : 'settings'} in production: ${missing.join('; ')}.`,
  )
}

/** Not what stands for every origin: their pages may use the API, but not somebody's session. */
function isOrigin(origin: string): boolean {
  return origin !== '*'
}
