import { attachmentPolicy } from './attachment.ts'
import { commentPolicy } from './comment.ts'
import { issuePolicy } from './issue.ts'
import { issueRelationPolicy } from './issue-relation.ts'
import { labelPolicy } from './label.ts'
import { membershipPolicy } from './membership.ts'
import { profilePolicy } from './profile.ts'
import { projectPolicy } from './project.ts'
import { apiKeyPolicy, sessionPolicy } from './session.ts'
import { teamPolicy } from './team.ts'
import { userPolicy } from './user.ts'

/** Who may see and do what in the issue tracker. */
export const policies = [
  userPolicy,
  profilePolicy,
  teamPolicy,
  membershipPolicy,
  projectPolicy,
  issuePolicy,
  issueRelationPolicy,
  labelPolicy,
  commentPolicy,
  attachmentPolicy,
  sessionPolicy,
  apiKeyPolicy,
]
