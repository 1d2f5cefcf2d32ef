import { describe, expect, it } from 'vitest'
import { createConfig, readEnvironment } from '../src/config.ts'
import { StartError } from '../src/errors.ts'
import { defaultConnectionSettings } from '../src/server/connection-settings.ts'
import { createProjectFolder } from './support/project-folder.ts'

describe('createConfig', () => {
  it('has a default for everything', () => {
    const config = createConfig({ environment: {} })
    expect(config).toEqual({
      environment: 'development',
      isProduction: false,
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: undefined,
      poolSize: 10,
      statementTimeoutMilliseconds: 30_000,
      poolMilliseconds: 5_000,
      operationMilliseconds: 15_000,
      logLevel: 'info',
      metricsPort: undefined,
      metricsHost: '127.0.0.1',
      access: undefined,
      graphqlPath: '/graphql',
      isGraphiqlServed: true,
      isIntrospectionOpen: true,
      isCostAnnounced: true,
      corsOrigins: [],
      allowedHosts: ['localhost', '.localhost', '127.0.0.1', '::1'],
      trustedProxies: [],
      proxyHeader: 'x-forwarded-for',
      redisUrl: undefined,
      rateLimitPoints: 0,
      rateLimitSeconds: 60,
      persistedDocuments: undefined,
      isOnlyPersisted: false,
      isAutomaticPersisted: false,
      connections: defaultConnectionSettings,
      closeMilliseconds: 10_000,
      changeRetentionMilliseconds: 86_400_000,
      publicUrl: undefined,
      authSecret: undefined,
      adminSecret: undefined,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('serves no GraphiQL in production, until told', () => {
    const production = { NODE_ENV: 'production' }
    expect(createConfig({ environment: production })).toMatchObject({
      access: undefined,
      isGraphiqlServed: false,
    })
    expect(
      createConfig({ environment: { ...production, REFRACT_ACCESS: 'everyone', REFRACT_GRAPHIQL: 'yes' } }),
    ).toMatchObject({ access: 'everyone', isGraphiqlServed: true })
  })

  it('limits callers and closes introspection in production, until told', () => {
    const production = { NODE_ENV: 'production' }
    expect(createConfig({ environment: production })).toMatchObject({
      rateLimitPoints: 500_000,
      isIntrospectionOpen: false,
      allowedHosts: undefined,
    })
    expect(
      createConfig({
        environment: { ...production, REFRACT_RATE_LIMIT_POINTS: '0', REFRACT_INTROSPECTION: 'true' },
      }),
    ).toMatchObject({ rateLimitPoints: 0, isIntrospectionOpen: true })
  })

  it('takes the host that is listened on for an allowed one, outside production', () => {
    const { allowedHosts } = createConfig({ environment: { HOST: 'dev.example.com' } })
    expect(allowedHosts).toContain('dev.example.com')
    expect(
      createConfig({ environment: { ALLOWED_HOSTS: 'api.example.com, .example.org,[::1]' } }).allowedHosts,
    ).toEqual(['api.example.com', '.example.org', '::1'])
  })

  it('reads proxies as addresses, ranges and names', () => {
    const { trustedProxies } = createConfig({
      environment: { REFRACT_TRUSTED_PROXIES: '10.1.2.3, 192.168.0.0/16,loopback,2001:db8::/32' },
    })
    expect(trustedProxies.map(([address, bits]) => `${address}/${bits}`)).toEqual([
      '10.1.2.3/32',
      '192.168.0.0/16',
      '127.0.0.0/8',
      '::1/128',
      '2001:db8::/32',
    ])
  })

  it.each([
    [
      { ALLOWED_HOSTS: 'https://api.example.com' },
      'ALLOWED_HOSTS is "https://api.example.com", but expected hosts',
    ],
    [{ ALLOWED_HOSTS: 'a.example.com:80' }, 'but expected hosts without a port'],
    [
      { REFRACT_TRUSTED_PROXIES: '10.0.0.0/33' },
      'REFRACT_TRUSTED_PROXIES is "10.0.0.0/33", but expected addresses',
    ],
    [{ REFRACT_TRUSTED_PROXIES: 'everyone' }, 'but expected addresses'],
    [{ REFRACT_PROXY_HEADER: 'x-real-ip' }, 'but expected one of x-forwarded-for, forwarded'],
    [{ PORT: '9464', REFRACT_METRICS_PORT: '9464' }, 'expected the metrics on a port of their own'],
    [{ REFRACT_ONLY_PERSISTED: 'true' }, 'but expected REFRACT_PERSISTED_DOCUMENTS'],
    [
      {
        REFRACT_ONLY_PERSISTED: 'true',
        REFRACT_PERSISTED_DOCUMENTS: 'a.json',
        REFRACT_AUTOMATIC_PERSISTED: 'true',
      },
      'REFRACT_ONLY_PERSISTED and REFRACT_AUTOMATIC_PERSISTED are both true',
    ],
    [{ REFRACT_RATE_LIMIT_SECONDS: '0' }, 'but expected a whole number from 1 to 86400'],
    [{ REFRACT_OPERATION_TIMEOUT: '-1' }, 'but expected a whole number from 0 to 3600000'],
  ])('refuses %j', (environment, message) => {
    expect(() => createConfig({ environment })).toThrow(message)
  })

  it('takes flags over variables, and an empty variable for none', () => {
    const environment = { PORT: '5000', HOST: '0.0.0.0', LOG_LEVEL: '' }
    expect(createConfig({ environment })).toMatchObject({ port: 5000, host: '0.0.0.0', logLevel: 'info' })
    expect(createConfig({ environment, flags: { port: '0', host: '::1' } })).toMatchObject({
      port: 0,
      host: '::1',
    })
  })

  it('reads lists of origins', () => {
    const environment = { REFRACT_CORS_ORIGINS: 'https://a.example.com, http://localhost:3000' }
    expect(createConfig({ environment }).corsOrigins).toEqual([
      'https://a.example.com',
      'http://localhost:3000',
    ])
  })

  it('lists every wrong setting at once', () => {
    const environment = {
      PORT: '70000',
      NODE_ENV: 'prod',
      REFRACT_POOL_SIZE: 'many',
      REFRACT_CORS_ORIGINS: 'app.example.com',
    }
    const create = () => createConfig({ environment, flags: { host: 'no host' } })
    expect(create).toThrow(StartError)
    expect(create).toThrow(
      '5 settings are wrong: NODE_ENV is "prod", but expected one of development, production, test; ' +
        '--host is "no host", but expected a host name or address such as 127.0.0.1, 0.0.0.0 or localhost; ' +
        'PORT is "70000", but expected a whole number from 0 to 65535; ' +
        'REFRACT_POOL_SIZE is "many", but expected a whole number from 1 to 1000; ' +
        'REFRACT_CORS_ORIGINS is "app.example.com", but expected origins such as https://app.example.com, separated by commas, or *. ' +
        'Correct it in the environment or in .env and try again.',
    )
  })

  it.each(['-1', '80.5', '0x50', '1e3', 'NaN', '99999999999', '４０００'])('refuses the port %s', PORT => {
    expect(() => createConfig({ environment: { PORT } })).toThrow('expected a whole number from 0 to 65535')
  })

  it('never repeats the address of Redis', () => {
    const broken = () => createConfig({ environment: { REDIS_URL: 'http://:secret@localhost:6379' } })
    expect(broken).toThrow('REDIS_URL cannot be read as an address, but expected redis://')
    expect(broken).not.toThrow('secret')
  })

  it('never repeats the address of a database', () => {
    const mysql = () => createConfig({ environment: { DATABASE_URL: 'mysql://me:secret@localhost/x' } })
    expect(mysql).toThrow(
      'DATABASE_URL begins with mysql://, but expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE',
    )
    expect(mysql).not.toThrow('secret')
    const broken = () => createConfig({ environment: { DATABASE_URL: 'postgresql://me:sec/ret@local host' } })
    expect(broken).toThrow('DATABASE_URL cannot be read as an address')
    expect(broken).not.toThrow('sec/ret')
  })

  it('takes secrets of any length for development, and long ones only for production', () => {
    const secret = 'a-secret-that-nobody-guesses-in-years'
    expect(createConfig({ environment: { REFRACT_ADMIN_SECRET: 'short' } }).adminSecret).toBe('short')
    expect(
      createConfig({ environment: { NODE_ENV: 'production', REFRACT_AUTH_SECRET: secret } }).authSecret,
    ).toBe(secret)
    expect(() =>
      createConfig({ environment: { NODE_ENV: 'production', REFRACT_ADMIN_SECRET: 'short' } }),
    ).toThrow(
      'REFRACT_ADMIN_SECRET has 5 characters, but expected at least 32 printable ASCII characters without spaces.',
    )
  })

  it('never repeats a secret', () => {
    for (const name of ['REFRACT_ADMIN_SECRET', 'REFRACT_AUTH_SECRET']) {
      const create = () => createConfig({ environment: { [name]: 'hünter 2' } })
      expect(create).toThrow(`${name} has 8 characters, but expected printable ASCII characters`)
      expect(create).not.toThrow('hünter')
    }
  })

  it.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['http://localhost:4000', 'http://localhost:4000'],
  ])('takes %s for the public address', (text, publicUrl) => {
    expect(createConfig({ environment: { REFRACT_PUBLIC_URL: text } })).toMatchObject({ publicUrl })
  })

  it.each([
    'api.example.com',
    'ftp://api.example.com',
    'https://api.example.com/path',
    'https://a@b.example',
  ])('refuses the public address %s', REFRACT_PUBLIC_URL => {
    expect(() => createConfig({ environment: { REFRACT_PUBLIC_URL } })).toThrow(
      'expected an address without a path, such as https://api.example.com',
    )
  })

  it('notices a misspelt setting and leaves those of others alone', () => {
    expect(() => createConfig({ environment: { REFRACT_ACESS: 'everyone' } })).toThrow(
      'REFRACT_ACESS is not known (did you mean REFRACT_ACCESS?)',
    )
    expect(
      createConfig({
        environment: { REFRACT_PROJECT: '.', REFRACT_DEBUG: '1', REFRACT_TEST_DATABASE: 'x', PORTS: '1' },
      }),
    ).toMatchObject({ port: 4000 })
  })
})

describe('readEnvironment', () => {
  it('adds what .env says and the environment does not', () => {
    const folder = createProjectFolder({
      '.env': '# mine\nPORT=4100\nexport HOST="0.0.0.0"\nLOG_LEVEL=warn\n',
    })
    expect(readEnvironment(folder, { PORT: '1' })).toEqual({ PORT: '1', HOST: '0.0.0.0', LOG_LEVEL: 'warn' })
  })

  it('needs no .env', () => {
    expect(readEnvironment(createProjectFolder({}), { PORT: '1' })).toEqual({ PORT: '1' })
  })
})
