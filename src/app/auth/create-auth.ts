/*
 * @better-auth/api-key is installed with newer better-call and @better-auth/utils than its package.json names (see
 * "overrides" in ours): it has to share them with better-auth, which demands these very versions.
 */
import { apiKey } from '@better-auth/api-key'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import type { AuthSetup } from '../../index.ts'
import { createAttemptCounter } from './count-attempts.ts'
import { type WatchedClient, watchClient } from './database-faults.ts'
import { chooseHandle } from './handle.ts'
import { addressHeader, createHooks } from './hooks.ts'
import { createSendMail, type Mail } from './send-mail.ts'
import type { SignInSettings } from './settings.ts'

export const authPath = '/api/auth'
export const cookiePrefix = 'refract'
export const apiKeyPrefix = 'refract_'

const day = 86_400 // seconds

/** better-auth as the example uses it. */
export type Auth = ReturnType<typeof createAuth>

export function createAuth(setup: AuthSetup, settings: SignInSettings) {
  const { client, isProduction, baseUrl, trustedOrigins, secret, createAttemptLimiter, log } = setup
  const watched = watchClient(client)
  const sendMail = createSendMail(settings.mailWebhook, setup)
  return betterAuth({
    appName: 'Refract',
    baseURL: baseUrl,
    basePath: authPath,
    secret,
    trustedOrigins: [...trustedOrigins],
    database: prismaAdapter(watched, { provider: 'postgresql' }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: 10,
      revokeSessionsOnPasswordReset: true,
      ...(settings.passwords ? { password: settings.passwords } : {}),
      ...(sendMail
        ? {
            sendResetPassword: ({ user, url, token }) =>
              sendMail(resetMail(user.email, new URL(url).searchParams.get('callbackURL'), token, baseUrl)),
          }
        : {}),
    },
    socialProviders: {
      ...(settings.google ? { google: settings.google } : {}),
      ...(settings.github ? { github: settings.github } : {}),
    },
    user: {
      // Set by nobody who signs up: by the hook below, by the database, by those who manage people.
      additionalFields: {
        handle: { type: 'string', required: false, input: false },
        role: { type: 'string', required: false, input: false },
        isActive: { type: 'boolean', required: false, input: false },
      },
    },
    // Read from the database at every request, so that what is ended has ended.
    session: { expiresIn: 7 * day, updateAge: day, cookieCache: { enabled: false } },
    account: { encryptOAuthTokens: true },
    verification: { storeIdentifier: 'hashed' },
    plugins: [
      apiKey({
        defaultPrefix: apiKeyPrefix,
        requireName: true,
        startingCharactersConfig: { charactersLength: 12 },
        // How much may be asked is the server's business, whatever the credentials.
        rateLimit: { enabled: false },
        schema: { apikey: { modelName: 'apiKey', fields: { referenceId: 'userId' } } },
      }),
    ],
    hooks: createHooks(createAttemptCounter(createAttemptLimiter), sendMail !== undefined),
    databaseHooks: createDatabaseHooks(watched),
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    onAPIError: { throw: true },
    logger: { level: 'error', log: (_level, message) => log.error(`Sign-in: ${message}`) },
    advanced: {
      cookiePrefix,
      useSecureCookies: isProduction || baseUrl.startsWith('https:'),
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [addressHeader] },
      database: { generateId: false, joins: true },
      // A message is sent beside the answer: how long that takes would tell whether somebody has an account.
      backgroundTasks: { handler: task => void task },
    },
  })
}

function createDatabaseHooks(client: WatchedClient) {
  return {
    user: {
      create: {
        before: async (user: { name: string; email: string }) => ({
          data: { ...user, handle: await chooseHandle(client, user.name, user.email) },
        }),
      },
    },
    session: {
      create: {
        before: async ({ userId }: { userId: string }) => {
          const user = await client.user.findUnique({ where: { id: userId }, select: { isActive: true } })
          if (user?.isActive !== true) {
            throw new APIError('FORBIDDEN', {
              code: 'USER_DEACTIVATED',
              message: 'This account has been deactivated.',
            })
          }
          // What has expired is of no use to anybody.
          await client.session.deleteMany({ where: { userId, expiresAt: { lt: new Date() } } })
        },
      },
    },
  }
}

/**
 * The link leads straight to the page that asks for the new password. better-auth's own leads there by way of an
 * address of ours with the token in its path, which would be in the access log while it can still be used.
 */
function resetMail(to: string, page: string | null, token: string, baseUrl: string): Mail {
  const link = page ? new URL(page, baseUrl) : undefined
  link?.searchParams.set('token', token)
  const how = link ? `open ${link.href}` : `use the token ${token}`
  return {
    to,
    subject: 'A new password',
    text: `To choose a new password, ${how} within an hour. If you did not ask for it, do nothing.`,
  }
}
