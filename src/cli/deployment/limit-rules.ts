import { defaultRequestLimits, type RequestLimits } from '../../limits/index.ts'
import { type DeploymentRule, rule } from './deployment.ts'

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
]

type LimitName = keyof RequestLimits

function raisedLimits(limits: RequestLimits): readonly LimitName[] {
  const names = Object.keys(defaultRequestLimits) as LimitName[]
  return names.filter(name => limits[name] >= mostTimes * defaultRequestLimits[name])
}
