import { defaultKeyHasher } from '@better-auth/api-key'
import { getSessionCookie } from 'better-auth/cookies'
import type { ProjectClient, Viewer } from '../../engine/index.ts'
import type { Credential, RecheckCredentials } from '../../index.ts'
import { cookiePrefix } from './create-auth.ts'
import { toViewer } from './to-viewer.ts'

interface FoundRow {
  readonly secret: string
  readonly id: string
  readonly role: string
  readonly isActive: boolean
}

/**
 * Returns what looks at sessions and API keys again, by one statement for all of them: what they stood for was checked
 * when their connections were opened, the signature of the cookie too.
 */
export function createRecheck(client: ProjectClient): RecheckCredentials {
  // a key's hash does not change as long as its connection is open
  const secrets = new WeakMap<Credential, string>()
  const secretOf = async (credential: Credential): Promise<string> => {
    const known = secrets.get(credential) ?? (await readSecret(credential))
    secrets.set(credential, known)
    return known
  }
  return async credentials => {
    const asked = await Promise.all(credentials.map(secretOf))
    const rows = await findRows(client, [...new Set(asked)])
    const viewers = new Map<string, Viewer | null>(rows.map(row => [row.secret, toViewer(row)]))
    return asked.map(secret => viewers.get(secret) ?? null)
  }
}

/** A key's hash, or the token of a session, which stands before the signature. */
async function readSecret({ token, http }: Credential): Promise<string> {
  if (token !== undefined) return await defaultKeyHasher(token)
  return getSessionCookie(http.requestHeaders, { cookiePrefix })?.split('.', 1)[0] ?? ''
}

/** Both tables at once: tokens of sessions are no hashes of keys. */
async function findRows(client: ProjectClient, secrets: readonly string[]): Promise<readonly FoundRow[]> {
  return await client.$queryRaw<FoundRow[]>`
    SELECT sessions.token AS secret, users.id, users.role::text AS role, users.is_active AS "isActive"
    FROM sessions JOIN users ON users.id = sessions.user_id
    WHERE sessions.token = ANY(${secrets}::text[]) AND sessions.expires_at > now()
    UNION ALL
    SELECT api_keys.key, users.id, users.role::text, users.is_active
    FROM api_keys JOIN users ON users.id = api_keys.user_id
    WHERE api_keys.key = ANY(${secrets}::text[]) AND api_keys.enabled
      AND (api_keys.expires_at IS NULL OR api_keys.expires_at > now())`
}
