import { defineExtension } from '../../engine/index.ts'
import { parseIssueKey } from './parse-issue-key.ts'

/**
 * A mutation over two tables in one transaction, which answers like the generated ones: a row, or typed errors. The client
 * keeps to the policies: an issue that the viewer may not see is not there, and one that he may not change is refused.
 */
export const closeIssue = defineExtension((builder, refract) => {
  const ResolutionRef = builder.enumType('Resolution', {
    description: 'Why an issue is closed.',
    values: {
      DONE: { description: 'The work is done.' },
      CANCELLED: { description: 'The work will not be done.' },
    } as const,
  })

  builder.mutationField('closeIssue', t =>
    t.field({
      type: refract.payload('Issue'),
      description: 'Closes an issue, with a last comment if there is something to say.',
      args: {
        key: t.arg.string({ required: true, description: 'What people call the issue, as `ENG-42`.' }),
        resolution: t.arg({ type: ResolutionRef, required: true, defaultValue: 'DONE' }),
        comment: t.arg.string({ description: 'Markdown; from you, so it needs you to have signed in.' }),
      },
      resolve: (_root, { key, resolution, comment }, context, info) => {
        const { teamKey, number } = parseIssueKey(key)
        const authorId = context.refract.viewer.id
        return refract.write('Issue', context, info, async transaction => {
          const issue = await transaction.issue.findFirst({
            where: { number, team: { key: teamKey } },
            select: { id: true, closedAt: true },
          })
          if (!issue) {
            const message = `Expected the key of an issue; there is no ${key}.`
            return refract.refuse({ type: 'NotFoundError', message, path: ['key'] })
          }
          if (issue.closedAt) {
            const message = `Expected an open issue; ${key} is closed already.`
            return refract.refuse({ type: 'ValidationError', message, path: ['key'] })
          }
          if (comment && !authorId) {
            const message = 'Expected somebody who has signed in to write the comment; nobody has.'
            return refract.refuse({ type: 'ValidationError', message, path: ['comment'] })
          }
          if (comment && authorId) {
            await transaction.comment.create({ data: { issueId: issue.id, authorId, body: comment } })
          }
          return transaction.issue.update({
            where: { id: issue.id },
            // The trigger issue_closing sets closedAt.
            data: { status: resolution, ...(resolution === 'DONE' ? { progress: 1 } : {}) },
          })
        })
      },
    }),
  )
})
