import { delimiter, join } from 'node:path'
import { describePackage } from '../../describe-package.ts'
import { places } from '../../places.ts'
import { runCommand } from '../../run-command.ts'
import { bundleServer } from '../bundle-server.ts'
import type { Contender } from '../contender.ts'

/** GraphQL Yoga, Pothos and Prisma as one puts them together by hand; without policies. */
export async function createPothos(): Promise<Contender> {
  await generate()
  const script = await bundleServer('pothos')
  const packages = ['graphql-yoga', '@pothos/core', '@pothos/plugin-prisma', '@prisma/client'].map(name =>
    describePackage(name),
  )
  return {
    id: 'pothos',
    title: 'Yoga + Pothos + Prisma',
    description: `${packages.join(', ')}, put together by hand for these queries; without policies.`,
    isGuarded: false,
    launch: ({ databaseUrl, port, poolSize }) => ({
      program: process.execPath,
      programArguments: [script],
      environment: { DATABASE_URL: databaseUrl, PORT: String(port), POOL_SIZE: String(poolSize) },
    }),
    pathOf: () => '/graphql',
    questionOf: ({ pothos }) => pothos,
  }
}

/** Makes the typed client and Pothos's types of the hand-written Prisma schema. */
async function generate(): Promise<void> {
  const script = join(places.root, 'node_modules', 'prisma', 'build', 'index.js')
  await runCommand(process.execPath, [script, 'generate'], {
    directory: join(places.compare, 'contenders', 'pothos'),
    environment: {
      // where the generators of packages are looked for
      PATH: [join(places.root, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
      // `generate` looks for it, and would download it, though it does not run it
      PRISMA_SCHEMA_ENGINE_BINARY: join(places.root, 'bin', 'schema-engine.js'),
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  })
}
