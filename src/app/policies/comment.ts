import { definePolicy } from '../../engine/index.ts'
import { hasMember, inTeam, isAdmin, members, teamAdmins } from './in-team.ts'

const editingMinutes = 15

/** Members read and write comments; authors edit theirs for 15 minutes; authors and team admins delete them. */
export const commentPolicy = definePolicy('Comment', {
  read: viewer => inTeam(viewer, members, team => ({ issue: { team } })),
  create: viewer => inTeam(viewer, members, team => ({ issue: { team } })),
  update: viewer =>
    viewer.id !== null && { authorId: viewer.id, createdAt: { gt: minutesAgo(editingMinutes) } },
  delete: viewer =>
    isAdmin(viewer) ||
    (viewer.id !== null && {
      OR: [{ authorId: viewer.id }, { issue: { team: hasMember(viewer.id, teamAdmins) } }],
    }),
  presets: { create: viewer => ({ authorId: viewer.id ?? '' }) },
  fields: {
    authorId: { update: false },
    author: { update: false },
    issueId: { update: false },
    issue: { update: false },
    // the time to edit counts from it
    createdAt: { write: false },
    // kept by triggers
    editedAt: { write: false },
    version: { write: false },
  },
})

function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000)
}
