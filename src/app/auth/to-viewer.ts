import { createViewer, type Viewer } from '../../engine/index.ts'

/** A user as far as it decides about the viewer. */
export interface KnownUser {
  readonly id: string
  readonly role?: string | null | undefined
  readonly isActive?: boolean | null | undefined
}

/**
 * The viewer that a user is; null for one who may not sign in. Policies decide what an administrator of the application
 * may do: to them it is a role like the other.
 */
export function toViewer({ id, role, isActive }: KnownUser): Viewer | null {
  return isActive && role ? createViewer({ id, roles: [role.toLowerCase()] }) : null
}
