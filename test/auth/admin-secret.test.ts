import { describe, expect, it } from 'vitest'
import { adminSecretHeader, createAdminSecretIdentifier } from '../../src/auth/index.ts'
import { administrator } from '../../src/engine/index.ts'
import { createAttemptLimiter } from '../support/attempt-limiter.ts'
import { createExchange, startAuthServer } from './auth-server.ts'

const secret = 'correct-horse-battery-staple-0123456789'
const wrong = 'wrong-horse-battery-staple-0123456789--'

const withSecret = (value: string, address?: string) =>
  createExchange({ [adminSecretHeader]: value }, address)

describe("the administrator's secret", () => {
  it('makes an administrator', async () => {
    const { whoAmI } = await startAuthServer({ adminSecret: secret })
    expect((await whoAmI({ [adminSecretHeader]: secret })).viewer).toEqual({
      id: null,
      roles: [],
      isAdministrator: true,
      claims: {},
    })
  })

  it.each([
    ['wrong', wrong],
    ['too short', secret.slice(0, -1)],
    ['too long', `${secret}!`],
    ['empty', ''],
    ['sent twice', `${secret}, ${secret}`],
  ])('is refused when it is %s, and not taken for none', async (_name, value) => {
    const { whoAmI } = await startAuthServer({ adminSecret: secret })
    const answer = await whoAmI({ [adminSecretHeader]: value })
    expect(answer).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', viewer: undefined })
    expect(answer.message).not.toContain(secret.slice(0, 8))
  })

  it('is refused where none is set', async () => {
    const { whoAmI } = await startAuthServer({})
    expect((await whoAmI({ [adminSecretHeader]: 'undefined' })).status).toBe(401)
    expect((await whoAmI({ [adminSecretHeader]: '' })).status).toBe(401)
    expect((await whoAmI()).viewer?.isAdministrator).toBe(false)
  })

  it('comes before other credentials, which are not looked at', async () => {
    const { whoAmI } = await startAuthServer({ adminSecret: secret })
    const answer = await whoAmI({ [adminSecretHeader]: secret, Authorization: 'Bearer nonsense' })
    expect(answer.viewer?.isAdministrator).toBe(true)
    expect((await whoAmI({ [adminSecretHeader]: wrong, Authorization: 'Bearer x' })).status).toBe(401)
  })

  it('can be guessed ten times by an address, which is then blocked, also with the right one', async () => {
    const identify = createAdminSecretIdentifier({ secret, createAttemptLimiter })
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await expect(identify(withSecret(wrong))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
    await expect(identify(withSecret(wrong))).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    await expect(identify(withSecret(secret))).rejects.toMatchObject({ code: 'RATE_LIMITED' })
    expect(await identify(withSecret(secret, '192.0.2.2'))).toBe(administrator)
  })

  it('is not counted when it is right, however often and at once', async () => {
    const identify = createAdminSecretIdentifier({ secret, createAttemptLimiter })
    await expect(identify(withSecret(wrong))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    const answers = await Promise.all(Array.from({ length: 100 }, () => identify(withSecret(secret))))
    expect(new Set(answers)).toEqual(new Set([administrator]))
  })

  it('is counted by the /64 of an IPv6 address', async () => {
    const identify = createAdminSecretIdentifier({ secret, createAttemptLimiter })
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const address = `2001:db8:1:2:${attempt}::${attempt}`
      await expect(identify(withSecret(wrong, address))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
    }
    await expect(identify(withSecret(wrong, '2001:0DB8:0001:0002:ffff::1'))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
    })
    await expect(identify(withSecret(wrong, '2001:db8:1:3::1'))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    })
  })
})
