/** What GraphiQL opens with. */
export const firstQuery = `# Welcome! Press the play button (or Ctrl-Enter) to ask for the most urgent open issues of a team.
# Ctrl-Space completes what you write; the book on the left has the whole schema.
query UrgentIssues($team: String = "ENG") {
  team(where: { key: $team }) {
    name
    description
    issues(
      where: { priority: { in: [HIGH, URGENT] }, closedAt: { equals: null } }
      orderBy: [{ priority: DESC }, { dueDate: ASC_NULLS_LAST }]
      first: 5
    ) {
      totalCount
      nodes {
        key
        title
        priority
        status
        dueDate
        assignee {
          name
          profile {
            timezone
            location
          }
        }
        labels {
          nodes {
            name
          }
        }
        comments(first: 1, orderBy: [{ createdAt: DESC }]) {
          totalCount
          nodes {
            body
            author {
              name
            }
          }
        }
      }
    }
    allIssues: issues {
      totalCount
      groupBy(by: [status]) {
        key {
          status
        }
        count
        sum {
          estimate
        }
      }
    }
  }
}
`
