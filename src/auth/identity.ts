import type { HttpExchange, Viewer } from '../engine/index.ts'

/** What a project's sign-in has found a viewer by: it can end, or come to mean somebody else, at any time. */
export interface Credential {
  /** The request that had it: with its cookie where there is no token. */
  readonly http: HttpExchange
  /** The bearer token or API key. */
  readonly token?: string
}

/** Who sent a request, and how long that holds. */
export interface Identity {
  readonly viewer: Viewer
  /** When it ends by itself, in milliseconds since 1970; undefined where nothing says so. */
  readonly endsAt?: number
  /** Undefined where there is nothing that could be taken back: nobody, a JSON Web Token, the operator's secret. */
  readonly credential?: Credential
}

/**
 * What has become of credentials: the viewer of each by now, in their order, null for one that has ended. Throws where it
 * cannot find out.
 */
export type RecheckCredentials = (
  credentials: readonly Credential[],
) => Promise<readonly (Partial<Viewer> | null)[]>

/** An identity of what a server was given: a viewer alone is one by credentials that nobody knows more of. */
export function toIdentity(found: Viewer | Identity, http: HttpExchange): Identity {
  if ('viewer' in found) return found
  const isNobody = found.id === null && found.roles.length === 0
  return isNobody || found.isAdministrator ? { viewer: found } : { viewer: found, credential: { http } }
}
