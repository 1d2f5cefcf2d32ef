import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { places } from '../../places.ts'
import { runCommand } from '../../run-command.ts'
import type { Contender } from '../contender.ts'

const neededMajor = 22

/** PostGraphile 5 with its amber preset, filters along relations and aggregates; undefined where no Node 22 can be had. */
export async function createPostgraphile(): Promise<Contender | undefined> {
  const program = await findNode()
  if (program === undefined) return undefined
  const version = (await runCommand(program, ['--version'])).trim()
  return {
    id: 'postgraphile',
    title: 'PostGraphile 5',
    description: `PostGraphile on Node ${version}`,
    isGuarded: false,
    launch: ({ databaseUrl, port, poolSize }) => ({
      program,
      programArguments: [join(places.compare, 'contenders', 'postgraphile', 'server.js')],
      environment: {
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        POOL_SIZE: String(poolSize),
        GRAPHILE_ENV: 'production',
      },
    }),
    pathOf: () => '/graphql',
    questionOf: ({ postgraphile }) => postgraphile,
  }
}

/** This Node where it is new enough, else the one that comes with npm's package for the machine. */
async function findNode(): Promise<string | undefined> {
  if (Number.parseInt(process.versions.node, 10) >= neededMajor) return process.execPath
  const packageName = `node-${process.platform}-${process.arch}`
  const program = join(places.peers, 'node_modules', packageName, 'bin', 'node')
  return existsSync(program) ? program : undefined
}
