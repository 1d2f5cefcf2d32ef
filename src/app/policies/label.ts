import { definePolicy } from '../../engine/index.ts'
import { inTeam, members, teamAdmins } from './in-team.ts'

/** Members see their teams' labels, and whoever may change an issue puts them on it; team admins manage them. */
export const labelPolicy = definePolicy('Label', {
  read: viewer => inTeam(viewer, members, team => ({ team })),
  create: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  update: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  delete: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  fields: { issues: { write: true } },
})
