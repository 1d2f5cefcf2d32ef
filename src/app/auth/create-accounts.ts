import { isAPIError } from 'better-auth/api'
import { createViewer, type HttpExchange, type Viewer } from '../../engine/index.ts'
import type { Accounts, Refusal, SignInOutcome } from './accounts.ts'
import type { Auth } from './create-auth.ts'
import { withFaults } from './database-faults.ts'
import { copyCookies, toHeaders } from './exchange.ts'

/** Signing in and out, with the errors in the style of the API's mutations. */
export function createAccounts(auth: Auth, viewerOf: (userId: string) => Promise<Viewer | null>): Accounts {
  const enter = (
    http: HttpExchange,
    call: (headers: Headers) => Promise<{ headers: Headers; response: { user: { id: string } } }>,
  ) => answerRefusals(() => signInBy(http, call, viewerOf))
  return {
    signUp: (body, http) =>
      enter(http, headers => auth.api.signUpEmail({ body, headers, returnHeaders: true })),
    signIn: (body, http) =>
      enter(http, headers => auth.api.signInEmail({ body, headers, returnHeaders: true })),
    signOut: (everywhere, http) => signOut(auth, everywhere, http),
  }
}

async function signInBy(
  http: HttpExchange,
  call: (headers: Headers) => Promise<{ headers: Headers; response: { user: { id: string } } }>,
  viewerOf: (userId: string) => Promise<Viewer | null>,
): Promise<Viewer> {
  const { headers, response } = await withFaults(() => call(toHeaders(http)))
  copyCookies(headers, http)
  // Deactivated at the very moment: then the session has ended already.
  return (await viewerOf(response.user.id)) ?? createViewer({})
}

async function answerRefusals(work: () => Promise<Viewer>): Promise<SignInOutcome> {
  try {
    return { viewer: await work() }
  } catch (error) {
    const refusal = isAPIError(error) ? findRefusal(error.body) : undefined
    if (refusal) return { refusal }
    throw error
  }
}

function findRefusal(body: { code?: string; message?: string } | undefined): Refusal | undefined {
  // What is not of the right form at all has one code for every field.
  const field = /^\[body\.(\w+)\]/.exec(body?.message ?? '')?.[1]
  const code = body?.code === 'VALIDATION_ERROR' ? `INVALID_${field?.toUpperCase()}` : body?.code
  return code === undefined ? undefined : refusals[code]
}

const wrongEmail: Refusal = {
  type: 'ValidationError',
  message: 'Expected an e-mail address, such as ann@example.com.',
  path: ['email'],
}
const wrongPassword: Refusal = {
  type: 'ValidationError',
  message: 'Expected a password of 10 to 128 characters.',
  path: ['password'],
}

/** By better-auth's codes. An account that is not there and a password that is wrong have the same. */
const refusals: Readonly<Record<string, Refusal | undefined>> = {
  INVALID_EMAIL_OR_PASSWORD: {
    type: 'ValidationError',
    message: 'The e-mail address or the password is wrong.',
    path: [],
  },
  USER_DEACTIVATED: {
    type: 'ValidationError',
    message: 'This account has been deactivated.',
    path: [],
  },
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: {
    type: 'UniqueError',
    message: 'Expected an e-mail address that nobody has signed up with; somebody has with this one.',
    path: ['email'],
    fields: ['email'],
  },
  FAILED_TO_CREATE_USER: {
    type: 'ValidationError',
    message: 'Somebody was faster with the same name or e-mail address. Expected another try.',
    path: [],
  },
  INVALID_EMAIL: wrongEmail,
  INVALID_PASSWORD: wrongPassword,
  PASSWORD_TOO_SHORT: wrongPassword,
  PASSWORD_TOO_LONG: wrongPassword,
  INVALID_NAME: {
    type: 'ValidationError',
    message: 'Expected a name that is not blank and has at most 200 characters.',
    path: ['name'],
  },
}

/** By revoking: better-auth's own sign-out calls it done when the database did not answer. */
async function signOut(auth: Auth, everywhere: boolean, http: HttpExchange): Promise<void> {
  const headers = toHeaders(http)
  const session = await withFaults(() => auth.api.getSession({ headers }))
  if (!session) return
  const { token } = session.session
  const done = await withFaults(() =>
    everywhere
      ? auth.api.revokeSessions({ headers, returnHeaders: true })
      : auth.api.revokeSession({ body: { token }, headers, returnHeaders: true }),
  )
  copyCookies(done.headers, http)
}
