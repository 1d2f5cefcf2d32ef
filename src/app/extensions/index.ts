export { closeIssue } from './close-issue.ts'
export { issueKey } from './issue-key.ts'
export { teamWorkload } from './team-workload.ts'
