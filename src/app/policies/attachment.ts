import { definePolicy } from '../../engine/index.ts'
import { inTeam, members, workers } from './in-team.ts'

/** Members see the files of their teams' issues; all but guests add some; whoever added one takes it away again. */
export const attachmentPolicy = definePolicy('Attachment', {
  read: viewer => inTeam(viewer, members, team => ({ issue: { team } })),
  create: viewer => inTeam(viewer, workers, team => ({ issue: { team } })),
  delete: viewer => viewer.id !== null && { uploaderId: viewer.id },
  presets: { create: viewer => ({ uploaderId: viewer.id ?? '' }) },
  fields: { createdAt: { write: false } },
})
