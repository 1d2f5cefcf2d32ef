import { describe, expect, it, onTestFinished } from 'vitest'
import type { Deployment } from '../../src/cli/deployment/deployment.ts'
import { deploymentRules, findDeploymentFaults } from '../../src/cli/deployment/find-faults.ts'
import { createConfig } from '../../src/config.ts'
import { createRequestLimits } from '../../src/limits/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { runRefract } from '../support/run-refract.ts'

const secrets = {
  REFRACT_AUTH_SECRET: 'vT3kW8qLzR1mXc7nYb5pHd9sGf2jKa4e',
  REFRACT_ADMIN_SECRET: 'aB6dE9gH2jK5mN8pQ1rS4tU7vW0xY3zC',
}

const safe: Readonly<Record<string, string>> = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://gateway:x@db.example.com/app',
  ALLOWED_HOSTS: 'api.example.com',
  REFRACT_CORS_ORIGINS: 'https://app.example.com',
  REFRACT_PUBLIC_URL: 'https://api.example.com',
  REFRACT_TRUSTED_PROXIES: 'uniquelocal',
  REDIS_URL: 'redis://cache.example.com',
  ...secrets,
}

const database = {
  kind: 'server',
  role: 'gateway',
  isSuperuser: false,
  isEncrypted: true,
  isLocal: false,
} as const

function deployment(
  environment: Readonly<Record<string, string | undefined>> = {},
  changes: Partial<Deployment> = {},
): Deployment {
  return {
    config: createConfig({ environment: { ...safe, ...environment } }),
    environment: 'production',
    limits: createRequestLimits(),
    hasProvider: true,
    hasJwt: false,
    modelsWithoutPolicy: [],
    hasPolicies: true,
    openWrites: [],
    brokenRules: [],
    database,
    ...changes,
  }
}

/** Each rule with a deployment that it finds something in, and what mends it. */
const unsafe: readonly [rule: string, level: 'error' | 'warning', remedy: string, deployment: Deployment][] =
  [
    ['access', 'error', 'REFRACT_ACCESS', deployment({ REFRACT_ACCESS: 'everyone' })],
    ['policies', 'warning', "definePolicy('Toy'", deployment({}, { modelsWithoutPolicy: ['Toy'] })],
    ['open writes', 'warning', 'viewer.id !== null', deployment({}, { openWrites: ['delete Toy'] })],
    ['broken rules', 'warning', 'refract policy matrix', deployment({}, { brokenRules: ['read Toy'] })],
    [
      'sign-in',
      'warning',
      'REFRACT_ADMIN_SECRET',
      deployment({ REFRACT_ADMIN_SECRET: undefined }, { hasProvider: false }),
    ],
    ['REFRACT_AUTH_SECRET', 'error', 'REFRACT_AUTH_SECRET', deployment({ REFRACT_AUTH_SECRET: undefined })],
    ['secrets', 'error', '--print-secret', deployment({ REFRACT_ADMIN_SECRET: 'abcabcabc'.repeat(5) })],
    [
      'one secret for two',
      'error',
      '--print-secret',
      deployment({ REFRACT_ADMIN_SECRET: secrets.REFRACT_AUTH_SECRET }),
    ],
    ['NODE_ENV', 'error', 'NODE_ENV=production', deployment({}, { environment: 'development' })],
    ['introspection', 'error', 'REFRACT_INTROSPECTION=false', deployment({ REFRACT_INTROSPECTION: 'true' })],
    ['GraphiQL', 'warning', 'REFRACT_GRAPHIQL=false', deployment({ REFRACT_GRAPHIQL: 'true' })],
    ['hosts', 'error', 'ALLOWED_HOSTS', deployment({ ALLOWED_HOSTS: undefined })],
    ['CORS', 'error', 'REFRACT_CORS_ORIGINS', deployment({ REFRACT_CORS_ORIGINS: '*' })],
    [
      'CORS over HTTP',
      'warning',
      'REFRACT_CORS_ORIGINS',
      deployment({ REFRACT_CORS_ORIGINS: 'http://app.example.com' }),
    ],
    [
      'REFRACT_PUBLIC_URL',
      'error',
      'REFRACT_PUBLIC_URL',
      deployment({ REFRACT_PUBLIC_URL: 'http://api.example.com' }),
    ],
    ['proxies', 'warning', 'REFRACT_TRUSTED_PROXIES', deployment({ REFRACT_TRUSTED_PROXIES: undefined })],
    [
      'metrics',
      'warning',
      'REFRACT_METRICS_HOST',
      deployment({ REFRACT_METRICS_PORT: '9464', REFRACT_METRICS_HOST: '0.0.0.0' }),
    ],
    ['log', 'warning', 'LOG_LEVEL', deployment({ LOG_LEVEL: 'silent' })],
    ['time limit', 'error', 'REFRACT_OPERATION_TIMEOUT', deployment({ REFRACT_OPERATION_TIMEOUT: '0' })],
    [
      'long time limit',
      'warning',
      'REFRACT_STATEMENT_TIMEOUT',
      deployment({ REFRACT_STATEMENT_TIMEOUT: '600000' }),
    ],
    ['rate limit', 'error', 'REFRACT_RATE_LIMIT_POINTS', deployment({ REFRACT_RATE_LIMIT_POINTS: '0' })],
    ['Redis', 'warning', 'REDIS_URL', deployment({ REDIS_URL: undefined })],
    ['limits', 'warning', 'Lower it', deployment({}, { limits: createRequestLimits({ cost: 1_000_000 }) })],
    ['WebSockets', 'warning', 'lower it', deployment({ REFRACT_SOCKET_MESSAGE_BYTES: '50000000' })],
    [
      'pings',
      'warning',
      'REFRACT_SOCKET_PING_INTERVAL',
      deployment({ REFRACT_SOCKET_PING_INTERVAL: '120000' }),
    ],
    ['DATABASE_URL', 'error', 'DATABASE_URL', deployment({ DATABASE_URL: undefined })],
    [
      'database role',
      'warning',
      'docs/deployment.md',
      deployment({}, { database: { ...database, isSuperuser: true } }),
    ],
    [
      'database TLS',
      'warning',
      'sslmode=verify-full',
      deployment({}, { database: { ...database, isEncrypted: false } }),
    ],
  ]

describe('what is unsafe to deploy', () => {
  it('is nothing of a deployment that is in order', () => {
    expect(findDeploymentFaults(deployment())).toEqual([])
  })

  it.each(unsafe)('%s (%s) is found alone, and mended by %s', (rule, level, remedy, given) => {
    expect(findDeploymentFaults(given)).toEqual([
      { rule, level, fault: expect.any(String), remedy: expect.stringContaining(remedy) },
    ])
  })

  it('is looked for by no rule that no test knows', () => {
    expect(unsafe.map(([rule]) => rule).toSorted()).toEqual(
      deploymentRules.map(({ name }) => name).toSorted(),
    )
  })

  it('comes before what may be meant', () => {
    const levels = findDeploymentFaults(
      deployment({ ALLOWED_HOSTS: undefined, REDIS_URL: undefined, DATABASE_URL: undefined }),
    ).map(({ level }) => level)
    expect(levels).toEqual(['error', 'error', 'warning'])
  })
})

describe('refract check --deploy', () => {
  const files = {
    'prisma/schema.prisma': `${datasource}model Toy {\n  id Int @id\n}\nmodel Box {\n  id Int @id\n}\n`,
    'refract.config.ts': `import { defineConfig, definePolicy } from 'refract'
      export default defineConfig({ policies: [definePolicy('Toy', { read: true, delete: true })] })
    `,
  }
  const check = async (environment: Readonly<Record<string, string>>, ...flags: readonly string[]) => {
    const { url, drop } = await createTestDatabase()
    onTestFinished(drop)
    const options = {
      directory: createProjectFolder(files),
      environment: { DATABASE_URL: url, ...environment },
    }
    await runRefract(['generate'], options)
    return await runRefract(['check', '--deploy', ...flags], options)
  }

  it('says what is unsafe, each with what mends it', async () => {
    const { exitCode, stdout } = await check({ REFRACT_CORS_ORIGINS: '*' })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('✗ NODE_ENV: NODE_ENV is development')
    expect(stdout).toMatch(/✗ CORS: .*\*.*\n +Set REFRACT_CORS_ORIGINS to the origins of your pages/)
    expect(stdout).toContain('! policies: No policy says who may use Box: only administrators can.')
    expect(stdout).toContain('! open writes: Without signing in, everybody may delete Toy.')
  })

  it('ends well where all of it may be meant, unless it is told to be strict', async () => {
    const { DATABASE_URL: _, ...environment } = safe
    const lenient = await check(environment)
    expect(lenient.stdout).not.toContain('✗')
    expect(lenient.stdout).toMatch(/Nothing that has to be mended, \d things to consider\.\n$/)
    expect(lenient.exitCode).toBe(0)
    const strict = await check(environment, '--fail-level', 'warning')
    expect(strict.stdout).toMatch(/\d things to mend\.\n$/)
    expect(strict.exitCode).toBe(1)
  })

  it('says which settings are wrong in production', async () => {
    const { exitCode, stdout } = await check({ REFRACT_ADMIN_SECRET: 'short' })
    expect(exitCode).toBe(1)
    expect(stdout).toContain(
      '✗ Settings for production: A setting is wrong: REFRACT_ADMIN_SECRET has 5 characters, but expected at least 32',
    )
  })
})
