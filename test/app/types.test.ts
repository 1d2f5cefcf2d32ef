import { expectTypeOf, test } from 'vitest'
import type { PrismaClient } from '../../.refract/generated/client/client.ts'
import { defineConfig, defineExtension, type ProjectContext } from '../../src/index.ts'

test('the configuration and its extensions are typed by the Prisma schema', () => {
  expectTypeOf<ProjectContext['refract']['client']>().toEqualTypeOf<PrismaClient>()

  defineExtension(builder => {
    builder.prismaObjectField('Issue', 'shout', t =>
      t.string({
        select: { title: true, team: { select: { key: true } } },
        resolve: issue => {
          expectTypeOf(issue.title).toEqualTypeOf<string>()
          expectTypeOf(issue.team.key).toEqualTypeOf<string>()
          // @ts-expect-error The project is not selected.
          return `${issue.title}${issue.project}`
        },
      }),
    )
    // @ts-expect-error There is no such model.
    builder.prismaObjectField('Isue', 'shout', t => t.string({ resolve: () => '' }))
    builder.queryField('first', t =>
      t.prismaField({
        type: 'Issue',
        nullable: true,
        // @ts-expect-error A team is no issue.
        resolve: (_query, _root, _args, { refract }) => refract.client.team.findFirst(),
      }),
    )
  })

  defineConfig({
    seed: async ({ client }) => {
      // @ts-expect-error There is no such model.
      await client.isue.count()
    },
  })
})
