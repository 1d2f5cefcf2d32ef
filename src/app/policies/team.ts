import { definePolicy } from '../../engine/index.ts'
import { inTeam, isAdmin, members, teamAdmins } from './in-team.ts'

/** Members see their teams; team admins change them; only admins of the installation found and close teams. */
export const teamPolicy = definePolicy('Team', {
  read: viewer => inTeam(viewer, members, team => team),
  create: isAdmin,
  update: viewer => inTeam(viewer, teamAdmins, team => team),
  delete: isAdmin,
  fields: { lastIssueNumber: { write: false } },
})
