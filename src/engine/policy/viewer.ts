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

/** A viewer with what is given, frozen; what is left out is what an anonymous one has. */
export function createViewer({
  id = null,
  roles = [],
  isAdministrator = false,
  claims = {},
}: Partial<Viewer>): Viewer {
  return Object.freeze({
    id,
    roles: Object.freeze([...roles]),
    isAdministrator,
    claims: Object.freeze({ ...claims }),
  })
}

/** Nobody has signed in. */
export const anonymous: Viewer = createViewer({})

/** The operator, and everyone where no policy is asked. */
export const administrator: Viewer = createViewer({ isAdministrator: true })
