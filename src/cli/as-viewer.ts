import type { AuthProvider } from '../auth/index.ts'
import { administrator, anonymous, createViewer, type Viewer } from '../engine/index.ts'
import { StartError } from '../errors.ts'
import { isRecord } from '../project/index.ts'

/**
 * The viewer that `--as` names: `anonymous`, `administrator`, a user of the project's sign-in, or a viewer as JSON. Throws
 * a StartError that says which of these was expected.
 */
export async function asViewer(name: string, provider: AuthProvider | undefined): Promise<Viewer> {
  if (name === 'anonymous') return anonymous
  if (name === 'administrator') return administrator
  if (name.trim().startsWith('{')) return readViewer(name)
  const id = (await provider?.findUser?.(name)) ?? null
  const found = id === null ? null : await provider?.viewerOf?.(id)
  if (found) return createViewer(found)
  throw new StartError(
    `--as ${name} is nobody. Expected anonymous, administrator, ${provider?.findUser ? 'a user that may sign in (e-mail address, handle or id), ' : ''}` +
      'or a viewer as JSON: \'{ "id": "42", "roles": ["member"], "claims": {} }\'.',
  )
}

function readViewer(text: string): Viewer {
  const viewer = parse(text)
  const { id = null, roles = [], claims = {}, isAdministrator = false, ...unknown } = viewer
  const isRight =
    (id === null || typeof id === 'string') &&
    Array.isArray(roles) &&
    roles.every(role => typeof role === 'string') &&
    isRecord(claims) &&
    typeof isAdministrator === 'boolean' &&
    Object.keys(unknown).length === 0
  if (isRight) return createViewer({ id, roles, isAdministrator, claims: claims as Viewer['claims'] })
  throw new StartError(
    `--as ${text} is no viewer. Expected { "id": text or null, "roles": texts, "claims": { … } }, each of which can be left out.`,
  )
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new StartError(`--as ${text} is not valid JSON.`)
}
