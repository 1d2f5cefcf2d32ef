import { definePolicy } from '../../engine/index.ts'
import { hasMember, isAdmin, members } from './in-team.ts'

/**
 * Whoever has signed in sees people's names; e-mail addresses are visible to team mates. People change their own name;
 * admins say what they are in the installation. Accounts are made by signing up, not here.
 */
export const userPolicy = definePolicy('User', {
  read: viewer => viewer.id !== null,
  update: viewer => isAdmin(viewer) || (viewer.id !== null && { id: viewer.id }),
  fields: {
    email: {
      read: viewer =>
        isAdmin(viewer) ||
        (viewer.id !== null && {
          OR: [{ id: viewer.id }, { memberships: { some: { team: hasMember(viewer.id, members) } } }],
        }),
      write: false,
    },
    emailVerified: { write: false },
    handle: { write: false },
    role: { write: isAdmin },
    isActive: { write: isAdmin },
    createdAt: { write: false },
  },
})
