import { createComments } from './comments.ts'
import { createIssues, createWorkshops } from './issues.ts'
import { createAttachments, createIssueLabels, createIssueRelations } from './links.ts'
import { createAccounts, createProfiles, createUsers } from './people.ts'
import type { SeedRows } from './rows.ts'
import { createLabels, createMemberships, createProjects, createTeams } from './teams.ts'

/** Makes all rows of the example. Every call, on every machine, gives the same ones down to the last byte. */
export function createRows(): SeedRows {
  const users = createUsers()
  const teams = createTeams()
  const memberships = createMemberships(teams, users)
  const labels = createLabels(teams)
  const projects = createProjects(teams, memberships)
  const issues = createIssues(createWorkshops(teams, users, memberships, projects))
  return {
    users,
    accounts: createAccounts(users),
    ...createProfiles(users),
    teams,
    memberships,
    labels,
    projects,
    issues: issues.map(({ row }) => row),
    issueLabels: createIssueLabels(issues, labels),
    issueRelations: createIssueRelations(issues),
    comments: createComments(issues, users),
    attachments: createAttachments(issues),
  }
}
