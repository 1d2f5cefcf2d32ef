/** What a claim of a viewer can be: nothing that a filter could take for a condition of its own. */
export type Claim = string | number | boolean | null | readonly (string | number | boolean)[]

/** Who asks: what policies decide by. Plain, frozen data. */
export interface Viewer {
  /** The id of the user that has signed in; null where nobody has. */
  readonly id: string | null
  /** What the viewer is in the whole application, such as `['member']`; none where nobody has signed in. */
  readonly roles: readonly string[]
  /** Passes every policy and may read and write every field. */
  readonly isAdministrator: boolean
  /** What else is known about the viewer, such as the claims of a token. */
  readonly claims: Readonly<Record<string, Claim>>
}

/**
 * A viewer with what is given, frozen; what is left out is what an anonymous one has.
 *
 * @throws TypeError for an id, a role or a claim that is an object: a filter would take it for a condition of its own
 */
export function createViewer({
  id = null,
  roles = [],
  isAdministrator = false,
  claims = {},
}: Partial<Viewer>): Viewer {
  for (const [name, value] of Object.entries({ id, roles, ...claims })) assertClaim(name, value)
  return Object.freeze({
    id,
    roles: Object.freeze([...roles]),
    // whoever made the viewer may not have been checked by the compiler: 'false' is no yes
    isAdministrator: isAdministrator === true,
    claims: Object.freeze({ ...claims }),
  })
}

function assertClaim(name: string, value: unknown): void {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (!items.some(item => typeof item === 'object' && item !== null)) return
  throw new TypeError(
    `The claim ${name} of a viewer is an object. Expected a text, a number, a boolean, null or a list of those.`,
  )
}

/** Nobody has signed in. */
export const anonymous: Viewer = createViewer({})

/** The operator, and everyone where no policy is asked. */
export const administrator: Viewer = createViewer({ isAdministrator: true })
