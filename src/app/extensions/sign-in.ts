import { defineExtension, type Viewer } from '../../engine/index.ts'
import { accountsOf, type Refusal, type SignInOutcome } from '../auth/accounts.ts'

interface SignOutPayload {
  readonly errors: readonly Refusal[]
}

/**
 * Signing in by GraphQL alone: `signUp`, `signIn` and `signOut` set and take away the same cookie as the endpoints below
 * `/api/auth`, and what they count is counted together.
 */
export const signIn = defineExtension((builder, refract) => {
  builder.objectField('Viewer', 'user', t =>
    t.field({
      type: refract.object('User'),
      nullable: true,
      description: 'Who has signed in; null where nobody has.',
      resolve: ({ id }, _args, context, info) =>
        id === null ? null : refract.load('User', { id }, context, info),
    }),
  )

  const payload = (name: string, description: string) =>
    builder.objectRef<SignInOutcome>(name).implement({
      description,
      fields: t => ({
        viewer: t.field({
          type: 'Viewer',
          nullable: true,
          description: 'Who has signed in, from the next request on; null where there are errors.',
          resolve: ({ viewer }): Viewer | null => viewer ?? null,
        }),
        errors: t.field({
          type: ['MutationError'],
          description: 'What has to be mended; empty where the mutation was done.',
          resolve: ({ refusal }) => (refusal ? [refusal] : []),
        }),
      }),
    })

  builder.mutationField('signUp', t =>
    t.field({
      type: payload('SignUpPayload', 'What became of signing up.'),
      description: 'Makes a user and signs her or him in: the answer sets a cookie.',
      args: {
        email: t.arg.string({ required: true }),
        password: t.arg.string({ required: true, description: '10 to 128 characters.' }),
        name: t.arg.string({ required: true }),
      },
      resolve: (_root, args, context) => accountsOf(context).signUp(args, context.http),
    }),
  )

  builder.mutationField('signIn', t =>
    t.field({
      type: payload('SignInPayload', 'What became of signing in.'),
      description: 'Signs in with a password: the answer sets a cookie. Attempts are counted and limited.',
      args: { email: t.arg.string({ required: true }), password: t.arg.string({ required: true }) },
      resolve: (_root, args, context) => accountsOf(context).signIn(args, context.http),
    }),
  )

  const SignOutRef = builder.objectRef<SignOutPayload>('SignOutPayload').implement({
    description: 'What became of signing out.',
    fields: t => ({
      errors: t.field({ type: ['MutationError'], resolve: ({ errors }) => [...errors] }),
    }),
  })

  builder.mutationField('signOut', t =>
    t.field({
      type: SignOutRef,
      description: 'Ends the session; done as well where there is none.',
      args: {
        everywhere: t.arg.boolean({
          required: true,
          defaultValue: false,
          description: 'All sessions of the user, in every browser.',
        }),
      },
      resolve: async (_root, { everywhere }, context): Promise<SignOutPayload> => {
        await accountsOf(context).signOut(everywhere, context.http)
        return { errors: [] }
      },
    }),
  )
})
