import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import type { PoolConfig } from 'pg'
import { StartError } from '../errors.ts'

/** A Prisma-style PostgreSQL address, taken apart. */
export type DatabaseUrl = {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string | undefined
  readonly database: string
  /** `?schema=`: where tables are that name no schema; PostgreSQL's own search path (`public`) when left out. */
  readonly schema: string | undefined
  readonly connectionLimit: number | undefined
  readonly connectTimeoutMilliseconds: number | undefined
  readonly ssl: boolean | ConnectionOptions
  /** `sslmode=prefer` (the default) or `allow`: encrypted when the server wants it so. */
  readonly mayUseTls: boolean
}

/**
 * Understands `postgresql://user:password@host:port/database?schema=…` with the parameters of Prisma's own connector:
 * `schema`, `connection_limit`, `connect_timeout`, `sslmode`, `sslaccept`, `sslrootcert`/`sslcert`, `host` (a Unix
 * socket). Others are left to themselves.
 *
 * @throws {StartError} when it is not such an address; the message never holds the password
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  const parsed = parse(url)
  const parameters = parsed.searchParams
  const database = decode(parsed.pathname.slice(1))
  if (database === '')
    throw new StartError(`${describe} names no database: ${withoutPassword(parsed)}. ${example}`)
  return {
    url,
    host: parameters.get('host') ?? (decode(parsed.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost'),
    port: parsed.port === '' ? 5_432 : Number(parsed.port),
    user: decode(parsed.username) || 'postgres',
    password: parsed.password === '' ? undefined : decode(parsed.password),
    database,
    schema: parameters.get('schema') ?? undefined,
    connectionLimit: readCount(parameters, 'connection_limit'),
    connectTimeoutMilliseconds: toMilliseconds(readCount(parameters, 'connect_timeout')),
    ssl: readSsl(parameters),
    mayUseTls: ['prefer', 'allow'].includes(parameters.get('sslmode') ?? 'prefer'),
  }
}

/**
 * The settings for a `pg` pool or client.
 *
 * Prisma's adapter writes and reads timestamps without their time zone and takes them for UTC, so the session must be
 * in UTC whatever the server's default is.
 */
export function toPoolConfig(database: DatabaseUrl): PoolConfig {
  const { host, port, user, password, ssl, schema } = database
  return {
    host,
    port,
    user,
    ...(password === undefined ? {} : { password }),
    database: database.database,
    ssl,
    application_name: 'refract',
    options: sessionOptions(schema),
  }
}

function sessionOptions(schema: string | undefined): string {
  // Long expressions are compiled for longer than they ever run: PostgreSQL's JIT knows their costs, not their lengths.
  const options = '-c TimeZone=UTC -c DateStyle=ISO -c jit=off'
  if (schema === undefined) return options
  // A backslash keeps a space or a backslash inside one option.
  return `${options} -c search_path=${`"${schema.replaceAll('"', '""')}"`.replaceAll(/[\\ ]/g, '\\$&')}`
}

/** The address as it may be shown: without the password. */
export function redactDatabaseUrl(url: string): string {
  return URL.canParse(url) ? withoutPassword(new URL(url)) : 'an unreadable address'
}

const describe = 'The database address (DATABASE_URL)'
const example = 'Expected something like postgresql://user:password@localhost:5432/database?schema=public.'

function parse(url: string): URL {
  if (!URL.canParse(url)) {
    const hint = /[#?/@%].*@/.test(url)
      ? ' Characters like # ? / @ % in a password are written as %23 %3F %2F %40 %25.'
      : ''
    throw new StartError(`${describe} is not a URL. ${example}${hint}`)
  }
  const parsed = new URL(url)
  if (parsed.protocol !== 'postgresql:' && parsed.protocol !== 'postgres:') {
    throw new StartError(
      `${describe} begins with "${parsed.protocol}//", but only PostgreSQL is supported: ${withoutPassword(parsed)}. ${example}`,
    )
  }
  return parsed
}

function withoutPassword(url: URL): string {
  const copy = new URL(url)
  if (copy.password !== '') copy.password = '***'
  for (const name of ['password', 'sslpassword'])
    if (copy.searchParams.has(name)) copy.searchParams.set(name, '***')
  return copy.href
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    if (!(error instanceof URIError)) throw error
    throw new StartError(
      `${describe} holds a "%" that is not followed by two hexadecimal digits: write it as %25. ${example}`,
    )
  }
}

function readCount(parameters: URLSearchParams, name: string): number | undefined {
  const text = parameters.get(name)
  if (text === null) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new StartError(`${describe} says ${name}=${text}, but a whole number was expected. ${example}`)
}

function toMilliseconds(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000
}

/** As Prisma's connector: certificates are only checked when `sslaccept=strict` or a verifying mode asks for it. */
function readSsl(parameters: URLSearchParams): boolean | ConnectionOptions {
  const mode = parameters.get('sslmode') ?? 'prefer'
  switch (mode) {
    case 'disable':
    case 'allow':
    case 'prefer':
      return false
    case 'require':
    case 'no-verify':
    case 'verify-ca':
    case 'verify-full': {
      const certificate = parameters.get('sslrootcert') ?? parameters.get('sslcert')
      const rejectUnauthorized = mode.startsWith('verify') || parameters.get('sslaccept') === 'strict'
      return {
        rejectUnauthorized,
        ...(certificate === null ? {} : { ca: readFileSync(certificate, 'utf8') }),
        // verify-ca trusts the authority and leaves the host's name out of it.
        ...(mode === 'verify-ca' ? { checkServerIdentity: () => undefined } : {}),
      }
    }
    default:
      throw new StartError(
        `${describe} says sslmode=${mode}; expected disable, prefer, require, verify-ca or verify-full. ${example}`,
      )
  }
}
