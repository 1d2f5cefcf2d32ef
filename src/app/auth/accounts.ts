import type { HttpExchange, ProjectClient, ProjectContext, ProjectTools, Viewer } from '../../engine/index.ts'
import { RefractError } from '../../errors.ts'

/** What the caller of a mutation can mend. */
export type Refusal = Parameters<ProjectTools['refuse']>[0]

/** Who has signed in, or why nobody has. */
export type SignInOutcome =
  | { readonly viewer: Viewer; readonly refusal?: never }
  | { readonly refusal: Refusal; readonly viewer?: never }

/** Signing in and out for GraphQL. What it changes about cookies is in `http.responseHeaders`. */
export interface Accounts {
  signUp(
    input: { readonly email: string; readonly password: string; readonly name: string },
    http: HttpExchange,
  ): Promise<SignInOutcome>
  signIn(
    input: { readonly email: string; readonly password: string },
    http: HttpExchange,
  ): Promise<SignInOutcome>
  /** `everywhere` ends all sessions of the user, not only this browser's. Nothing happens where nobody is signed in. */
  signOut(everywhere: boolean, http: HttpExchange): Promise<void>
}

/** By the client, which a server and its resolvers share. */
const known = new WeakMap<ProjectClient, Accounts>()

export function registerAccounts(client: ProjectClient, accounts: Accounts): void {
  known.set(client, accounts)
}

/** The accounts of the server that runs an operation. Throws UNAVAILABLE where it was started without sign-in. */
export function accountsOf({ refract }: ProjectContext): Accounts {
  const accounts = known.get(refract.database)
  if (accounts) return accounts
  throw new RefractError(
    'UNAVAILABLE',
    'Nobody can sign in here: this server was started without auth.provider in refract.config.ts.',
  )
}
