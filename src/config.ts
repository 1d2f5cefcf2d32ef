import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { StartError } from './errors.ts'
import { findSimilar } from './lib/find-similar.ts'
import { type AddressRange, parseAddressRanges } from './lib/ip-address.ts'

export type EnvironmentName = 'development' | 'production' | 'test'
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'
/** `everyone`: no policy is asked, and every caller may do everything. */
export type Access = 'everyone' | 'policies'

/** The settings of this process, all checked. Frozen. */
export interface Config {
  readonly environment: EnvironmentName
  readonly isProduction: boolean
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** Without it the embedded database is used. */
  readonly databaseUrl: string | undefined
  /** Connections to the database, at most. */
  readonly poolSize: number
  readonly statementTimeoutMilliseconds: number
  /** How long a statement waits for a connection. */
  readonly poolMilliseconds: number
  /** How long an operation may run; 0 for ever. */
  readonly operationMilliseconds: number
  readonly logLevel: LogLevel
  /** Where metrics are served; undefined for nowhere. 0 takes any free port. */
  readonly metricsPort: number | undefined
  readonly metricsHost: string
  /** Undefined: `policies` in production and where the project has any, else `everyone`. */
  readonly access: Access | undefined
  readonly graphqlPath: string
  readonly isGraphiqlServed: boolean
  /** Whether everybody may read the schema. */
  readonly isIntrospectionOpen: boolean
  /** Whether answers say what they cost. */
  readonly isCostAnnounced: boolean
  readonly corsOrigins: readonly string[]
  /** Hosts that requests may name; undefined for all. */
  readonly allowedHosts: readonly string[] | undefined
  /** The proxies that are believed about whom a request comes from. */
  readonly trustedProxies: readonly AddressRange[]
  readonly proxyHeader: 'x-forwarded-for' | 'forwarded'
  /** Where requests are counted for all processes together. */
  readonly redisUrl: string | undefined
  /** What a caller may spend in a window; 0 for no limit. */
  readonly rateLimitPoints: number
  readonly rateLimitSeconds: number
  /** The file with the documents of the front end; relative to the project. */
  readonly persistedDocuments: string | undefined
  /** Whether all other documents are refused. */
  readonly isOnlyPersisted: boolean
  /** Whether clients may register documents by their hash. */
  readonly isAutomaticPersisted: boolean
  /** Bounds on WebSockets and streams; milliseconds and bytes. */
  readonly connections: ConnectionConfig
  /** How long a shutdown waits for running requests. */
  readonly closeMilliseconds: number
  /** How long changes are kept for subscriptions that go on after a cursor. */
  readonly changeRetentionMilliseconds: number
  /** Where browsers find this server: an origin. Undefined where nobody has said. */
  readonly publicUrl: string | undefined
  /** What a project's sign-in signs its cookies with. */
  readonly authSecret: string | undefined
  /** Makes an administrator of whoever sends it. */
  readonly adminSecret: string | undefined
}

export type ConnectionConfig = Readonly<
  Record<
    | 'connectionsPerAddress'
    | 'connections'
    | 'messageBytes'
    | 'messagesPerSecond'
    | 'operationsPerConnection'
    | 'viewerSubscriptions'
    | 'bufferBytes'
    | 'stallMilliseconds'
    | 'pingMilliseconds'
    | 'initMilliseconds'
    | 'credentialMilliseconds',
    number
  >
>

/** What a variable's text means, or what was expected instead. */
type Parsed<T> = { readonly value: T } | { readonly expected: string }

type Environment = Readonly<Record<string, string | undefined>>

export interface ConfigSources {
  readonly environment: Environment
  /** From the command line: they win over the environment. */
  readonly flags?: { readonly port?: string | undefined; readonly host?: string | undefined }
}

/** Every environment variable that is read. */
export const variableNames = [
  'NODE_ENV',
  'HOST',
  'PORT',
  'DATABASE_URL',
  'LOG_LEVEL',
  'REFRACT_METRICS_PORT',
  'REFRACT_METRICS_HOST',
  'REFRACT_ACCESS',
  'REFRACT_POOL_SIZE',
  'REFRACT_POOL_TIMEOUT',
  'REFRACT_STATEMENT_TIMEOUT',
  'REFRACT_OPERATION_TIMEOUT',
  'REFRACT_GRAPHQL_PATH',
  'REFRACT_GRAPHIQL',
  'REFRACT_INTROSPECTION',
  'REFRACT_ANNOUNCE_COST',
  'REFRACT_CORS_ORIGINS',
  'ALLOWED_HOSTS',
  'REFRACT_TRUSTED_PROXIES',
  'REFRACT_PROXY_HEADER',
  'REDIS_URL',
  'REFRACT_RATE_LIMIT_POINTS',
  'REFRACT_RATE_LIMIT_SECONDS',
  'REFRACT_PERSISTED_DOCUMENTS',
  'REFRACT_ONLY_PERSISTED',
  'REFRACT_AUTOMATIC_PERSISTED',
  'REFRACT_CHANGE_RETENTION',
  'REFRACT_CONNECTIONS_PER_ADDRESS',
  'REFRACT_CONNECTIONS',
  'REFRACT_SOCKET_MESSAGE_BYTES',
  'REFRACT_SOCKET_MESSAGE_RATE',
  'REFRACT_SOCKET_OPERATIONS',
  'REFRACT_SOCKET_BUFFER_BYTES',
  'REFRACT_SOCKET_PING_INTERVAL',
  'REFRACT_SOCKET_INIT_TIMEOUT',
  'REFRACT_VIEWER_SUBSCRIPTIONS',
  'REFRACT_STALL_TIMEOUT',
  'REFRACT_CREDENTIAL_AGE',
  'REFRACT_CLOSE_TIMEOUT',
  'REFRACT_PUBLIC_URL',
  'REFRACT_AUTH_SECRET',
  'REFRACT_ADMIN_SECRET',
] as const

/** Their values are never repeated, not even where they are wrong. */
const secretNames: readonly string[] = ['REFRACT_AUTH_SECRET', 'REFRACT_ADMIN_SECRET']

/** Returns the checked settings. Throws one StartError that lists every setting that is wrong. */
export function createConfig({ environment, flags = {} }: ConfigSources): Config {
  const faults: string[] = findMisspelt(environment)
  const read = <T>(
    name: string,
    text: string | undefined,
    parse: (text: string) => Parsed<T>,
    fallback: T,
  ): T => {
    if (text === undefined || (text === '' && !name.startsWith('-'))) return fallback
    const parsed = parse(text)
    if ('value' in parsed) return parsed.value
    faults.push(`${name} ${describeValue(name, text)}, but expected ${parsed.expected}`)
    return fallback
  }
  const variable = <T>(
    name: (typeof variableNames)[number],
    parse: (text: string) => Parsed<T>,
    fallback: T,
  ): T => read(name, environment[name], parse, fallback)

  const name = variable<EnvironmentName>(
    'NODE_ENV',
    oneOf('development', 'production', 'test'),
    'development',
  )
  const isProduction = name === 'production'
  const host = read('--host', flags.host, parseHost, variable('HOST', parseHost, '127.0.0.1'))
  const config: Config = {
    environment: name,
    isProduction,
    host,
    port: read('--port', flags.port, wholeNumber(0, 65_535), variable('PORT', wholeNumber(0, 65_535), 4000)),
    databaseUrl: variable<string | undefined>('DATABASE_URL', parseDatabaseUrl, undefined),
    poolSize: variable('REFRACT_POOL_SIZE', wholeNumber(1, 1_000), 10),
    statementTimeoutMilliseconds: variable('REFRACT_STATEMENT_TIMEOUT', wholeNumber(1, 3_600_000), 30_000),
    poolMilliseconds: variable('REFRACT_POOL_TIMEOUT', wholeNumber(1, 600_000), 5_000),
    operationMilliseconds: variable('REFRACT_OPERATION_TIMEOUT', wholeNumber(0, 3_600_000), 15_000),
    logLevel: variable<LogLevel>('LOG_LEVEL', oneOf('debug', 'info', 'warn', 'error', 'silent'), 'info'),
    metricsPort: variable<number | undefined>('REFRACT_METRICS_PORT', wholeNumber(0, 65_535), undefined),
    metricsHost: variable('REFRACT_METRICS_HOST', parseHost, '127.0.0.1'),
    access: variable<Access | undefined>('REFRACT_ACCESS', oneOf('everyone', 'policies'), undefined),
    graphqlPath: variable('REFRACT_GRAPHQL_PATH', parsePath, '/graphql'),
    isGraphiqlServed: variable('REFRACT_GRAPHIQL', parseBoolean, !isProduction),
    isIntrospectionOpen: variable('REFRACT_INTROSPECTION', parseBoolean, !isProduction),
    isCostAnnounced: variable('REFRACT_ANNOUNCE_COST', parseBoolean, true),
    corsOrigins: Object.freeze(variable<readonly string[]>('REFRACT_CORS_ORIGINS', parseOrigins, [])),
    allowedHosts: variable<readonly string[] | undefined>(
      'ALLOWED_HOSTS',
      parseHosts,
      isProduction ? undefined : Object.freeze([...new Set([...loopbackNames, host])]),
    ),
    trustedProxies: variable<readonly AddressRange[]>('REFRACT_TRUSTED_PROXIES', parseProxies, []),
    proxyHeader: variable<Config['proxyHeader']>(
      'REFRACT_PROXY_HEADER',
      oneOf('x-forwarded-for', 'forwarded'),
      'x-forwarded-for',
    ),
    redisUrl: variable<string | undefined>('REDIS_URL', parseRedisUrl, undefined),
    rateLimitPoints: variable(
      'REFRACT_RATE_LIMIT_POINTS',
      wholeNumber(0, 999_999_999),
      isProduction ? 500_000 : 0,
    ),
    rateLimitSeconds: variable('REFRACT_RATE_LIMIT_SECONDS', wholeNumber(1, 86_400), 60),
    persistedDocuments: environment.REFRACT_PERSISTED_DOCUMENTS || undefined,
    isOnlyPersisted: variable('REFRACT_ONLY_PERSISTED', parseBoolean, false),
    isAutomaticPersisted: variable('REFRACT_AUTOMATIC_PERSISTED', parseBoolean, false),
    connections: readConnections((name, minimum, maximum, fallback) =>
      variable(name, wholeNumber(minimum, maximum), fallback),
    ),
    closeMilliseconds: variable('REFRACT_CLOSE_TIMEOUT', wholeNumber(0, 3_600_000), 10_000),
    changeRetentionMilliseconds: variable('REFRACT_CHANGE_RETENTION', wholeNumber(1, 8_760), 24) * 3_600_000,
    publicUrl: variable<string | undefined>('REFRACT_PUBLIC_URL', parseOrigin, undefined),
    authSecret: variable<string | undefined>('REFRACT_AUTH_SECRET', secretFor(isProduction), undefined),
    adminSecret: variable<string | undefined>('REFRACT_ADMIN_SECRET', secretFor(isProduction), undefined),
  }
  faults.push(...findContradictions(config))
  if (faults.length > 0) throw createConfigError(faults)
  return Object.freeze(config)
}

type ReadNumber = (
  name: (typeof variableNames)[number],
  minimum: number,
  maximum: number,
  fallback: number,
) => number

function readConnections(read: ReadNumber): ConnectionConfig {
  return Object.freeze({
    connectionsPerAddress: read('REFRACT_CONNECTIONS_PER_ADDRESS', 1, 1_000_000, 2_000),
    connections: read('REFRACT_CONNECTIONS', 1, 1_000_000, 10_000),
    messageBytes: read('REFRACT_SOCKET_MESSAGE_BYTES', 1_024, 104_857_600, 131_072),
    messagesPerSecond: read('REFRACT_SOCKET_MESSAGE_RATE', 1, 100_000, 50),
    operationsPerConnection: read('REFRACT_SOCKET_OPERATIONS', 1, 10_000, 100),
    viewerSubscriptions: read('REFRACT_VIEWER_SUBSCRIPTIONS', 1, 1_000_000, 2_000),
    bufferBytes: read('REFRACT_SOCKET_BUFFER_BYTES', 16_384, 104_857_600, 1_048_576),
    stallMilliseconds: read('REFRACT_STALL_TIMEOUT', 100, 3_600_000, 10_000),
    pingMilliseconds: read('REFRACT_SOCKET_PING_INTERVAL', 1_000, 3_600_000, 25_000),
    initMilliseconds: read('REFRACT_SOCKET_INIT_TIMEOUT', 100, 600_000, 3_000),
    credentialMilliseconds: read('REFRACT_CREDENTIAL_AGE', 1_000, 86_400_000, 300_000),
  })
}

/** The names under which a browser on this machine finds a server: a page elsewhere can have no such name. */
const loopbackNames = ['localhost', '.localhost', '127.0.0.1', '::1']

function findContradictions(config: Config): string[] {
  return [...findPortContradictions(config), ...findDocumentContradictions(config)]
}

function findPortContradictions({ port, metricsPort }: Config): string[] {
  if (port === 0 || metricsPort !== port) return []
  return [`PORT and REFRACT_METRICS_PORT are both ${port}, but expected the metrics on a port of their own`]
}

function findDocumentContradictions(config: Config): string[] {
  const { isOnlyPersisted, isAutomaticPersisted, persistedDocuments } = config
  if (!isOnlyPersisted) return []
  if (persistedDocuments === undefined) {
    return [
      'REFRACT_ONLY_PERSISTED is true, but expected REFRACT_PERSISTED_DOCUMENTS with the file of the documents',
    ]
  }
  return isAutomaticPersisted
    ? ['REFRACT_ONLY_PERSISTED and REFRACT_AUTOMATIC_PERSISTED are both true, but expected one of them']
    : []
}

/** The environment with what DIR/.env adds to it: a variable that is set already keeps its value. */
export function readEnvironment(directory: string, environment: Environment): Environment {
  const file = join(directory, '.env')
  if (!existsSync(file)) return environment
  return { ...parseEnv(readFileSync(file, 'utf8')), ...environment }
}

function createConfigError(faults: readonly string[]): StartError {
  const count = faults.length === 1 ? 'A setting is wrong' : `${faults.length} settings are wrong`
  return new StartError(
    `${count}: ${faults.join('; ')}. Correct it in the environment or in .env and try again.`,
  )
}

/** Unknown variables of other programs are none of our business; one that is nearly ours is a mistake. */
function findMisspelt(environment: Environment): string[] {
  const prefix = 'REFRACT_'
  const known = variableNames.filter(name => name.startsWith(prefix)).map(name => name.slice(prefix.length))
  return Object.keys(environment).flatMap(name => {
    const rest = name.slice(prefix.length)
    if (!name.startsWith(prefix) || known.includes(rest)) return []
    const similar = findSimilar(rest, known)
    return similar ? [`${name} is not known (did you mean ${prefix}${similar}?)`] : []
  })
}

/** What came, without repeating a secret or an address that may hold a password. */
function describeValue(name: string, text: string): string {
  if (secretNames.includes(name)) return `has ${text.length} characters`
  if (name === 'REDIS_URL') return 'cannot be read as an address'
  if (name !== 'DATABASE_URL') return `is ${JSON.stringify(text.slice(0, 100))}`
  const protocol = /^[\w+.-]*:(?=\/\/)/.exec(text)?.[0]
  if (!protocol || /^postgres(ql)?:$/.test(protocol)) return 'cannot be read as an address'
  return `begins with ${protocol}//`
}

function oneOf<T extends string>(...choices: readonly T[]): (text: string) => Parsed<T> {
  return text => {
    const value = choices.find(choice => choice === text)
    return value === undefined ? { expected: `one of ${choices.join(', ')}` } : { value }
  }
}

function wholeNumber(minimum: number, maximum: number): (text: string) => Parsed<number> {
  return text => {
    const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN
    if (value >= minimum && value <= maximum) return { value }
    return { expected: `a whole number from ${minimum} to ${maximum}` }
  }
}

function parseHost(text: string): Parsed<string> {
  if (/^[\w.:%-]+$/.test(text)) return { value: text }
  return { expected: 'a host name or address such as 127.0.0.1, 0.0.0.0 or localhost' }
}

function parseDatabaseUrl(text: string): Parsed<string> {
  if (/^postgres(ql)?:\/\//.test(text) && URL.canParse(text)) return { value: text }
  return { expected: 'postgresql://USER:PASSWORD@HOST:PORT/DATABASE' }
}

function parsePath(text: string): Parsed<string> {
  if (/^\/[\w./-]*$/.test(text) && !text.startsWith('/health')) return { value: text }
  return { expected: 'a path such as /graphql (and not /health, which is taken)' }
}

function parseBoolean(text: string): Parsed<boolean> {
  const value = { true: true, false: false, '1': true, '0': false, yes: true, no: false }[text.toLowerCase()]
  return value === undefined ? { expected: 'true or false' } : { value }
}

function parseOrigins(text: string): Parsed<readonly string[]> {
  const origins = splitList(text)
  if (origins.every(origin => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin)))
    return { value: origins }
  return { expected: 'origins such as https://app.example.com, separated by commas, or *' }
}

function parseHosts(text: string): Parsed<readonly string[]> {
  const hosts = splitList(text).map(host => host.replace(/^\[(.*)\]$/, '$1'))
  if (hosts.every(host => /^\.?[\w-]+(?:\.[\w-]+)*$|^[\da-f:.]+$/i.test(host)))
    return { value: Object.freeze(hosts) }
  return { expected: 'hosts without a port such as api.example.com or .example.com, separated by commas' }
}

function parseProxies(text: string): Parsed<readonly AddressRange[]> {
  const ranges = splitList(text).map(parseAddressRanges)
  if (ranges.every(range => range !== undefined)) return { value: Object.freeze(ranges.flat()) }
  return {
    expected:
      'addresses such as 10.0.0.7, ranges such as 10.0.0.0/8, or loopback, linklocal and uniquelocal, separated by commas',
  }
}

function parseRedisUrl(text: string): Parsed<string> {
  if (/^rediss?:\/\//.test(text) && URL.canParse(text)) return { value: text }
  return { expected: 'redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss:// for TLS' }
}

function splitList(text: string): readonly string[] {
  return text.split(',').map(item => item.trim())
}

function parseOrigin(text: string): Parsed<string> {
  const isOrigin = URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
  if (isOrigin && new URL(text).origin === text.replace(/\/$/, '')) return { value: new URL(text).origin }
  return { expected: 'an address without a path, such as https://api.example.com' }
}

/** Printable ASCII, since it is sent in a header; in production so long that nobody can guess it. */
function secretFor(isProduction: boolean): (text: string) => Parsed<string> {
  const shortest = isProduction ? 32 : 1
  return text => {
    if (/^[\x21-\x7e]+$/.test(text) && text.length >= shortest) return { value: text }
    const length = isProduction ? 'at least 32 ' : ''
    return { expected: `${length}printable ASCII characters without spaces` }
  }
}
