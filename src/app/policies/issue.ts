import { definePolicy } from '../../engine/index.ts'
import { inTeam, members, teamAdmins, workers } from './in-team.ts'

/** Members see their teams' issues; all but guests write and change them; team admins delete them. */
export const issuePolicy = definePolicy('Issue', {
  read: viewer => inTeam(viewer, members, team => ({ team })),
  create: viewer => inTeam(viewer, workers, team => ({ team })),
  update: viewer => inTeam(viewer, workers, team => ({ team })),
  delete: viewer => inTeam(viewer, teamAdmins, team => ({ team })),
  presets: { create: viewer => ({ authorId: viewer.id ?? '' }) },
  fields: {
    authorId: { update: false },
    author: { update: false },
    // kept by triggers
    number: { write: false },
    commentCount: { write: false },
    lastActivityAt: { write: false },
    closedAt: { write: false },
    createdAt: { write: false },
  },
})
