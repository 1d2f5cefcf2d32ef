import { describe, expect, it } from 'vitest'
import type { AuthSetup } from '../../src/auth/index.ts'
import { createProjectAuth, type ProjectAuthOptions, readAuthConfig } from '../../src/cli/create-auth.ts'
import { createConfig } from '../../src/config.ts'
import { StartError } from '../../src/errors.ts'
import { silentLog } from '../../src/observe/log.ts'
import { planProject } from '../../src/project/index.ts'
import { createExchange } from '../auth/auth-server.ts'
import { createAttemptLimiter } from '../support/attempt-limiter.ts'
import { createProjectFolder } from '../support/project-folder.ts'

const secret = 'a-secret-that-nobody-guesses-in-years'

function optionsFor(auth: unknown, environment: Record<string, string> = {}): ProjectAuthOptions {
  const loaded = { config: { auth } } as unknown as ProjectAuthOptions['loaded']
  return {
    loaded,
    client: { $disconnect: async () => undefined },
    project: planProject(createProjectFolder({})),
    config: createConfig({ environment }),
    port: 4321,
    log: silentLog,
    createAttemptLimiter,
  }
}

/** The setup that a project's sign-in is made with. */
async function setupFor(environment: Record<string, string>): Promise<AuthSetup> {
  const setups: AuthSetup[] = []
  const provider = (setup: AuthSetup) => {
    setups.push(setup)
    return { identify: async () => null }
  }
  await createProjectAuth(optionsFor({ provider }, environment))
  const [setup] = setups
  if (!setup) throw new Error('Expected the provider to be made.')
  return setup
}

describe("a project's sign-in", () => {
  it('is made for this machine in development, with a secret that lasts', async () => {
    const setup = await setupFor({ REFRACT_CORS_ORIGINS: 'https://app.example.com' })
    expect(setup).toMatchObject({
      isProduction: false,
      baseUrl: 'http://localhost:4321',
      trustedOrigins: [
        'https://app.example.com',
        'http://localhost:4321',
        'http://127.0.0.1:4321',
        'http://[::1]:4321',
      ],
      secret: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  it('is made for its public address in production, and trusts no other but those that are named', async () => {
    const setup = await setupFor({
      NODE_ENV: 'production',
      REFRACT_AUTH_SECRET: secret,
      REFRACT_PUBLIC_URL: 'https://api.example.com',
    })
    expect(setup).toMatchObject({
      isProduction: true,
      baseUrl: 'https://api.example.com',
      trustedOrigins: [],
      secret,
    })
  })

  it('is refused in production without what it needs', async () => {
    const provider = () => ({ identify: async () => null })
    const create = createProjectAuth(optionsFor({ provider }, { NODE_ENV: 'production' }))
    await expect(create).rejects.toThrow(StartError)
    await expect(create).rejects.toThrow(
      /needs settings in production: REFRACT_AUTH_SECRET, .*; REFRACT_PUBLIC_URL, /,
    )
  })

  it('is not needed: without any, only the secret of an operator tells who asks', async () => {
    const environment = { NODE_ENV: 'production', REFRACT_ADMIN_SECRET: secret }
    const { identify, provider } = await createProjectAuth(optionsFor(undefined, environment))
    expect(provider).toBeUndefined()
    expect(await identify(createExchange())).toMatchObject({ viewer: { id: null, isAdministrator: false } })
    expect(await identify(createExchange({ 'x-refract-admin-secret': secret }))).toMatchObject({
      viewer: { isAdministrator: true },
    })
  })

  it.each([
    ['text', 'auth in refract.config.ts is string'],
    [{ providers: [] }, 'auth.providers in refract.config.ts is not known'],
    [{ provider: {} }, 'auth.provider in refract.config.ts is object'],
    [{ jwt: 'https://issuer.example.com' }, 'auth.jwt in refract.config.ts is string'],
  ])('is refused when it is %j', (auth, message) => {
    const { loaded } = optionsFor(auth)
    expect(() => readAuthConfig(loaded)).toThrow(StartError)
    expect(() => readAuthConfig(loaded)).toThrow(message)
  })

  it('stops the start with tokens that are set up wrongly', async () => {
    const jwt = { secret, algorithms: ['none'], issuer: 'x', audience: 'x' }
    await expect(createProjectAuth(optionsFor({ jwt }))).rejects.toThrow(
      'auth.jwt in refract.config.ts is wrong',
    )
  })
})
