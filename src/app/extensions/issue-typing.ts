import { defineExtension } from '../../engine/index.ts'

declare module 'refract' {
  interface Register {
    events: {
      /** Somebody of that name writes a comment on the issue. */
      issueTyping: { readonly issueId: string; readonly name: string }
    }
  }
}

/**
 * That somebody is writing a comment: an event that is stored nowhere. Who may see the issue may say it, and hear it.
 */
export const issueTyping = defineExtension((builder, refract) => {
  builder.mutationField('typeInIssue', t =>
    t.boolean({
      description: 'Says that you are writing a comment; true where others can hear it.',
      extensions: refract.onlyFor(viewer => viewer.id !== null),
      args: { issueId: t.arg({ type: 'UUID', required: true }) },
      resolve: async (_root, { issueId }, { events, refract: { client, viewer } }) => {
        const issue = await client.issue.findUnique({ where: { id: issueId }, select: { id: true } })
        const user =
          viewer.id && (await client.user.findUnique({ where: { id: viewer.id }, select: { name: true } }))
        if (!issue || !user) return false
        await events.publish('issueTyping', { issueId, name: user.name })
        return true
      },
    }),
  )

  builder.subscriptionField('issueTyping', t =>
    t.string({
      description: 'The names of those who are writing comments on an issue, each as often as they say so.',
      extensions: refract.onlyFor(viewer => viewer.id !== null),
      args: { issueId: t.arg({ type: 'UUID', required: true }) },
      subscribe: async (_root, { issueId }, { events, refract: { client } }) => {
        const issue = await client.issue.findUnique({ where: { id: issueId }, select: { id: true } })
        return events.subscribe('issueTyping', event => issue !== null && event.issueId === issue.id)
      },
      resolve: event => event.name,
    }),
  )
})
