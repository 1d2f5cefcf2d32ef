import { describe, expect, it } from 'vitest'
import { createConfig, readEnvironment } from '../src/config.ts'
import { StartError } from '../src/errors.ts'
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
      logLevel: 'info',
      access: undefined,
      graphqlPath: '/graphql',
      isGraphiqlServed: true,
      corsOrigins: [],
      closeMilliseconds: 10_000,
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
      REFRACT_CORS_ORIGINS: '*',
    }
    const create = () => createConfig({ environment, flags: { host: 'no host' } })
    expect(create).toThrow(StartError)
    expect(create).toThrow(
      '5 settings are wrong: NODE_ENV is "prod", but expected one of development, production, test; ' +
        '--host is "no host", but expected a host name or address such as 127.0.0.1, 0.0.0.0 or localhost; ' +
        'PORT is "70000", but expected a whole number from 0 to 65535; ' +
        'REFRACT_POOL_SIZE is "many", but expected a whole number from 1 to 1000; ' +
        'REFRACT_CORS_ORIGINS is "*", but expected origins such as https://app.example.com, separated by commas. ' +
        'Correct it in the environment or in .env and try again.',
    )
  })

  it.each(['-1', '80.5', '0x50', '1e3', 'NaN', '99999999999', '４０００'])('refuses the port %s', PORT => {
    expect(() => createConfig({ environment: { PORT } })).toThrow('expected a whole number from 0 to 65535')
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
