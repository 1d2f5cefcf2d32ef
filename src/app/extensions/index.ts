export { closeIssue } from './close-issue.ts'
export { issueKey } from './issue-key.ts'
export { signIn } from './sign-in.ts'
export { teamWorkload } from './team-workload.ts'
