import { definePolicy, type ProjectViewer } from '../../engine/index.ts'

/** Whoever has signed in reads profiles; each person writes her or his own. */
export const profilePolicy = definePolicy('Profile', {
  read: viewer => viewer.id !== null,
  create: isOwn,
  update: isOwn,
  delete: isOwn,
  presets: { create: viewer => ({ userId: viewer.id ?? '' }) },
  fields: { userId: { update: false }, user: { update: false } },
})

function isOwn(viewer: ProjectViewer) {
  return viewer.id !== null && { userId: viewer.id }
}
