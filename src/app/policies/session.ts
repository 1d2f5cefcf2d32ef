import { definePolicy, type ProjectViewer } from '../../engine/index.ts'

/** Nobody but the user sees their sessions, and ends them. They are begun by signing in. */
export const sessionPolicy = definePolicy('Session', { read: isOwn, delete: isOwn })

/** Nobody but the user sees their keys, without what is secret about them, and takes them back. */
export const apiKeyPolicy = definePolicy('ApiKey', { read: isOwn, delete: isOwn })

function isOwn(viewer: ProjectViewer) {
  return viewer.id !== null && { userId: viewer.id }
}
