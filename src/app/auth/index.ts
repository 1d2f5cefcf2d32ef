import type { CreateAuthProvider } from '../../index.ts'

/**
 * The example's sign-in. What it is made of is loaded when a server starts: printing the API, say, needs none of it.
 */
export const signInProvider: CreateAuthProvider = async setup => {
  const { createSignInProvider } = await import('./create-provider.ts')
  return createSignInProvider(setup)
}
