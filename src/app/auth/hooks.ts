import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import { textFault } from '../../lib/text-fault.ts'
import { type Attempt, type AttemptCounter, countedPaths } from './count-attempts.ts'

/** The header that tells better-auth the client's address. Whatever a client sends in it is thrown away. */
export const addressHeader = 'x-refract-address'

const longestName = 200 // characters

interface HookContext {
  readonly path: string
  readonly body?: unknown
  readonly headers?: Headers | undefined
}

/** What is done before and after better-auth's endpoints, whether they are called by HTTP or by GraphQL. */
export function createHooks(counter: AttemptCounter, canSendMail: boolean) {
  return {
    before: createAuthMiddleware(async context => {
      if (context.path === '/request-password-reset' && !canSendMail) throw mailFault()
      if (context.path === '/sign-up/email' || context.path === '/update-user') assertName(context)
      if (!countedPaths.has(context.path)) return
      const user = needsSession(context.path) ? (await getSessionFromCtx(context))?.user.id : undefined
      await counter.count(describeAttempt(context, user))
      // Whoever changes a password wants others out, unless the request says otherwise.
      if (context.path === '/change-password') {
        return { context: { body: { revokeOtherSessions: true, ...(context.body as object) } } }
      }
    }),
    after: createAuthMiddleware(async context => {
      if (context.path === '/sign-in/email' && context.context.newSession) {
        await counter.forgive(describeAttempt(context, undefined))
      }
    }),
  }
}

function needsSession(path: string): boolean {
  return path === '/change-password' || path === '/verify-password'
}

function describeAttempt({ path, body, headers }: HookContext, userId: string | undefined): Attempt {
  const email = fieldOf(body, 'email')
  return {
    path,
    address: headers?.get(addressHeader) ?? undefined,
    account: userId ?? (typeof email === 'string' ? email : undefined),
  }
}

/** better-auth takes any text; the database does not. */
function assertName({ path, body }: HookContext): void {
  const name = fieldOf(body, 'name')
  if (name === undefined && path === '/update-user') return
  const isRight =
    typeof name === 'string' && name.trim() !== '' && name.length <= longestName && textFault(name) === null
  if (isRight) return
  throw new APIError('BAD_REQUEST', {
    code: 'INVALID_NAME',
    message: `Expected a name that is not blank and has at most ${longestName} characters.`,
  })
}

function mailFault(): APIError {
  return new APIError('NOT_IMPLEMENTED', {
    code: 'MAIL_NOT_CONFIGURED',
    message:
      'This server cannot send mail, so nobody gets a new password this way: its operator has not set MAIL_WEBHOOK_URL.',
  })
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null
    ? (body as Readonly<Record<string, unknown>>)[name]
    : undefined
}
