import { defineExtension } from '../../engine/index.ts'
import { RefractError } from '../../errors.ts'
import { parseIssueKey } from './parse-issue-key.ts'

/** A mutation that is more than one row: it closes an issue and says why, in one transaction. */
export const closeIssue = defineExtension(builder => {
  const ResolutionRef = builder.enumType('Resolution', {
    description: 'Why an issue is closed.',
    values: {
      DONE: { description: 'The work is done.' },
      CANCELLED: { description: 'The work will not be done.' },
    } as const,
  })

  builder.mutationField('closeIssue', t =>
    t.prismaField({
      type: 'Issue',
      description: 'Closes an issue, with a last comment if there is something to say.',
      args: {
        key: t.arg.string({ required: true, description: 'What people call the issue, as `ENG-42`.' }),
        resolution: t.arg({ type: ResolutionRef, required: true, defaultValue: 'DONE' }),
        comment: t.arg.string({ description: 'Markdown; needs `authorId`.' }),
        authorId: t.arg({ type: 'UUID', description: 'Who writes the comment.' }),
      },
      resolve: (query, _root, { key, resolution, comment, authorId }, { refract: { client } }) => {
        const { teamKey, number } = parseIssueKey(key)
        if (comment && !authorId) {
          throw new RefractError('BAD_USER_INPUT', 'Expected an authorId with the comment, got none.')
        }
        return client.$transaction(async transaction => {
          const issue = await transaction.issue.findFirst({
            where: { number, team: { key: teamKey } },
            select: { id: true, closedAt: true },
          })
          if (!issue) throw new RefractError('NOT_FOUND', `There is no issue ${key}.`)
          if (issue.closedAt) {
            throw new RefractError('BAD_USER_INPUT', `Expected an open issue, but ${key} is closed already.`)
          }
          if (comment && authorId) {
            await transaction.comment.create({ data: { issueId: issue.id, authorId, body: comment } })
          }
          return transaction.issue.update({
            ...query,
            where: { id: issue.id },
            // The trigger issue_closing sets closedAt.
            data: { status: resolution, ...(resolution === 'DONE' ? { progress: 1 } : {}) },
          })
        })
      },
    }),
  )
})
