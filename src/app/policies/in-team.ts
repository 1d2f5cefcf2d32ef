import type { ProjectViewer, ProjectWhere } from '../../engine/index.ts'

type TeamRole = 'OWNER' | 'ADMIN' | 'MEMBER' | 'GUEST'

/** Everybody who belongs to a team. */
export const members: readonly TeamRole[] = ['OWNER', 'ADMIN', 'MEMBER', 'GUEST']

/** Those who work in a team: all but guests, who read and comment. */
export const workers: readonly TeamRole[] = ['OWNER', 'ADMIN', 'MEMBER']

/** Those who answer for a team. */
export const teamAdmins: readonly TeamRole[] = ['OWNER', 'ADMIN']

/** Manages teams and people, and may do in every team what its admins may. */
export function isAdmin(viewer: ProjectViewer): boolean {
  return viewer.roles.includes('admin')
}

/**
 * The rows that belong to a team in which the viewer has one of the roles.
 *
 * @param within puts the condition on the team where the rows have their team: `team => ({ issue: { team } })`
 */
export function inTeam<ModelWhere>(
  viewer: ProjectViewer,
  roles: readonly TeamRole[],
  within: (team: ProjectWhere<'Team'>) => ModelWhere,
): boolean | ModelWhere {
  if (isAdmin(viewer)) return true
  if (viewer.id === null) return false
  return within(hasMember(viewer.id, roles))
}

/** The teams in which a user has one of the roles. */
export function hasMember(userId: string, roles: readonly TeamRole[]): ProjectWhere<'Team'> {
  return { memberships: { some: { userId, role: { in: [...roles] } } } }
}
