import { defineExtension } from '../../engine/index.ts'

/** What one person of a team still has to do. */
interface Workload {
  readonly userId: string
  readonly openIssues: number
  readonly points: number
  readonly earliestDueDate: Date | null
}

/** A type that is no model, and a query that answers with it: two statements, however many people there are. */
export const teamWorkload = defineExtension((builder, refract) => {
  const WorkloadRef = builder.objectRef<Workload>('Workload').implement({
    description: 'What one person of a team still has to do.',
    fields: t => ({
      user: t.field({
        type: refract.object('User'),
        nullable: true,
        description: 'Null for somebody whom you may not see.',
        // One call a person, one statement for all.
        resolve: ({ userId }, _args, context, info) => refract.load('User', { id: userId }, context, info),
      }),
      openIssues: t.exposeInt('openIssues', { description: 'Issues that are neither done nor cancelled.' }),
      points: t.exposeInt('points', { description: 'The sum of the estimates of these issues.' }),
      earliestDueDate: t.expose('earliestDueDate', { type: 'Date', nullable: true }),
    }),
  })

  builder.queryField('teamWorkload', t =>
    t.field({
      type: [WorkloadRef],
      description: 'Who in a team has how much to do, those with the most open issues first.',
      args: { teamKey: t.arg.string({ required: true, description: 'The key of the team, as `ENG`.' }) },
      resolve: async (_root, { teamKey }, { refract: { client } }): Promise<Workload[]> => {
        const groups = await client.issue.groupBy({
          by: ['assigneeId'],
          where: { team: { key: teamKey }, assigneeId: { not: null }, closedAt: null },
          _count: { assigneeId: true },
          _sum: { estimate: true },
          _min: { dueDate: true },
          orderBy: [{ _count: { assigneeId: 'desc' } }, { assigneeId: 'asc' }],
        })
        return groups.map(({ assigneeId, _count, _sum, _min }) => ({
          userId: assigneeId ?? '', // Never empty: the filter leaves issues without an assignee out.
          openIssues: _count.assigneeId,
          points: _sum.estimate ?? 0,
          earliestDueDate: _min.dueDate,
        }))
      },
    }),
  )
})
