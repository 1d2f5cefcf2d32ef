import { defaultRequestLimits, type RequestLimits } from '../../limits/index.ts'
import { defaultConnectionSettings } from '../../server/connection-settings.ts'
import { type Deployment, type DeploymentRule, rule } from './deployment.ts'

const longestMilliseconds = 60_000 // a minute: longer than proxies wait

/** A limit that is as many times the usual one is none. */
const mostTimes = 20

/** What a caller can take. */
export const limitRules: readonly DeploymentRule[] = [
  rule(
    'time limit',
    'error',
    ({ config }) => config.operationMilliseconds === 0,
    () => ({
      fault: 'An operation may run for ever, and hold its connection to the database.',
      remedy: 'Leave REFRACT_OPERATION_TIMEOUT out (15 seconds), or set it in milliseconds.',
    }),
  ),
  rule(
    'long time limit',
    'warning',
    ({ config }) =>
      Math.max(config.operationMilliseconds, config.statementTimeoutMilliseconds) > longestMilliseconds,
    () => ({
      fault: 'Operations or statements may run for more than a minute: a few of them take every connection.',
      remedy: 'Lower REFRACT_OPERATION_TIMEOUT and REFRACT_STATEMENT_TIMEOUT.',
    }),
  ),
  rule(
    'rate limit',
    'error',
    ({ config }) => config.rateLimitPoints === 0,
    () => ({
      fault: 'A caller may ask as much as the server can answer (REFRACT_RATE_LIMIT_POINTS is 0).',
      remedy: 'Leave REFRACT_RATE_LIMIT_POINTS out (500,000 points a minute), or set it.',
    }),
  ),
  rule(
    'Redis',
    'warning',
    ({ config }) => config.redisUrl === undefined,
    () => ({
      fault:
        'Each process counts requests and sign-ins for itself: with several, callers get as many times more.',
      remedy: 'Set REDIS_URL where more than one process runs.',
    }),
  ),
  rule(
    'limits',
    'warning',
    deployment => raisedLimits(deployment.limits).length > 0,
    ({ limits }) => ({
      fault: `In refract.config.ts, ${raisedLimits(limits)
        .map(name => `limits.${name} is ${limits[name]}, ${mostTimes} times the usual or more`)
        .join('; ')}.`,
      remedy: 'Lower it, and ask for large amounts by refract commands or several requests.',
    }),
  ),
  rule(
    'WebSockets',
    'warning',
    ({ config }) => raisedConnections(config).length > 0,
    ({ config }) => ({
      fault: `Of WebSockets, ${raisedConnections(config)
        .map(name => `${settingOf[name]} is ${config.connections[name]}`)
        .join(', ')}: ${mostTimes} times the usual or more, for each client.`,
      remedy: 'Leave it out, or lower it.',
    }),
  ),
  rule(
    'pings',
    'warning',
    ({ config }) => config.connections.pingMilliseconds > longestMilliseconds,
    ({ config }) => ({
      fault: `REFRACT_SOCKET_PING_INTERVAL is ${config.connections.pingMilliseconds} ms: proxies end connections on which nothing comes for a minute.`,
      remedy: 'Leave REFRACT_SOCKET_PING_INTERVAL out (25 seconds).',
    }),
  ),
]

/** The settings that bound what one client can take; how many clients there are is for each to know. */
const settingOf = {
  messageBytes: 'REFRACT_SOCKET_MESSAGE_BYTES',
  messagesPerSecond: 'REFRACT_SOCKET_MESSAGE_RATE',
  operationsPerConnection: 'REFRACT_SOCKET_OPERATIONS',
  bufferBytes: 'REFRACT_SOCKET_BUFFER_BYTES',
  stallMilliseconds: 'REFRACT_STALL_TIMEOUT',
  initMilliseconds: 'REFRACT_SOCKET_INIT_TIMEOUT',
} as const

function raisedConnections({ connections }: Deployment['config']): readonly (keyof typeof settingOf)[] {
  const names = Object.keys(settingOf) as (keyof typeof settingOf)[]
  return names.filter(name => connections[name] >= mostTimes * defaultConnectionSettings[name])
}

type LimitName = keyof RequestLimits

function raisedLimits(limits: RequestLimits): readonly LimitName[] {
  const names = Object.keys(defaultRequestLimits) as LimitName[]
  return names.filter(name => limits[name] >= mostTimes * defaultRequestLimits[name])
}
