import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describePackage } from '../../describe-package.ts'
import { places } from '../../places.ts'
import { runCommand } from '../../run-command.ts'
import type { Contender } from '../contender.ts'

const neededMajor = 22

/** PostGraphile 5 with its amber preset, filters along relations and aggregates; undefined where no Node 22 can be had. */
export async function createPostgraphile(): Promise<Contender | undefined> {
  const program = findNode()
  if (program === undefined || !existsSync(join(places.peers, 'node_modules', 'postgraphile'))) {
    console.log('PostGraphile is left out: it, or the Node 22 that it needs, could not be installed here.')
    return undefined
  }
  const packages = ['postgraphile', 'postgraphile-plugin-connection-filter', '@graphile/pg-aggregates'].map(
    name => describePackage(name, places.peers),
  )
  const version = (await runCommand(program, ['--version'])).trim()
  return {
    id: 'postgraphile',
    title: 'PostGraphile 5',
    description: `${packages.join(', ')}; on Node ${version}, which it needs. It has no nested writes.`,
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
function findNode(): string | undefined {
  if (Number.parseInt(process.versions.node, 10) >= neededMajor) return process.execPath
  const packageName = `node-${process.platform}-${process.arch}`
  const program = join(places.peers, 'node_modules', packageName, 'bin', 'node')
  return existsSync(program) ? program : undefined
}
