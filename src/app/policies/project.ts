import { definePolicy } from '../../engine/index.ts'
import { inTeam, members, teamAdmins } from './in-team.ts'

/** Members see their teams' projects; team admins manage them. */
export const projectPolicy = definePolicy('Project', {
  read: viewer => inTeam(viewer, members, team => ({ team })),
  create: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  update: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  delete: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
})
