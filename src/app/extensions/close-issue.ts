import { defineExtension } from '../../engine/index.ts'
import { parseIssueKey } from './parse-issue-key.ts'

/** A mutation over two tables in one transaction, which answers like the generated ones: a row, or typed errors. */
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
        comment: t.arg.string({ description: 'Markdown; needs `authorId`.' }),
        authorId: t.arg({ type: 'UUID', description: 'Who writes the comment.' }),
      },
      resolve: (_root, { key, resolution, comment, authorId }, context, info) => {
        const { teamKey, number } = parseIssueKey(key)
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
            const message = 'Expected an author with the comment; none came.'
            return refract.refuse({ type: 'ValidationError', message, path: ['authorId'] })
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
