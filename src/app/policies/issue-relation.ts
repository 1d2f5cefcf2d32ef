import { definePolicy, type ProjectViewer } from '../../engine/index.ts'
import { inTeam, members, workers } from './in-team.ts'

/** Members see how issues of their teams stand to each other; whoever works in both teams says so. */
export const issueRelationPolicy = definePolicy('IssueRelation', {
  read: viewer => inTeam(viewer, members, team => ({ source: { team }, target: { team } })),
  create: worksOnBoth,
  update: worksOnBoth,
  delete: worksOnBoth,
})

function worksOnBoth(viewer: ProjectViewer) {
  return inTeam(viewer, workers, team => ({ source: { team }, target: { team } }))
}
