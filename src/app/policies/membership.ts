import { definePolicy } from '../../engine/index.ts'
import { inTeam, members, teamAdmins } from './in-team.ts'

/** Members see who else is in their teams; only team admins manage memberships. */
export const membershipPolicy = definePolicy('Membership', {
  read: viewer => inTeam(viewer, members, team => ({ team })),
  create: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  update: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  delete: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
})
