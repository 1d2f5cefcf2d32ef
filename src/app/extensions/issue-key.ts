import { defineExtension } from '../../engine/index.ts'
import { issueKeyPattern, parseIssueKey } from './parse-issue-key.ts'

/**
 * The name that people use for an issue, `ENG-42`: a field that is made of two columns of two tables, and a query
 * that finds the issue again.
 */
export const issueKey = defineExtension(builder => {
  builder.prismaObjectField('Issue', 'key', t =>
    t.string({
      description: 'What people call the issue: the key of its team and its number, as `ENG-42`.',
      // Loaded together with whatever else the query asks of the issue, also for lists.
      select: { number: true, team: { select: { key: true } } },
      resolve: ({ team, number }) => `${team.key}-${number}`,
    }),
  )

  builder.queryField('issueByKey', t =>
    t.prismaField({
      type: 'Issue',
      nullable: true,
      description: 'The issue that people call by this key; null if there is none.',
      args: {
        key: t.arg.string({ required: true, description: `As \`ENG-42\`: ${issueKeyPattern.source}` }),
      },
      resolve: (query, _root, { key }, { refract: { client } }) => {
        const { teamKey, number } = parseIssueKey(key)
        return client.issue.findFirst({ ...query, where: { number, team: { key: teamKey } } })
      },
    }),
  )
})
