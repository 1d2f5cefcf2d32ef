import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { places } from '../../places.ts'
import { runCommand } from '../../run-command.ts'
import type { Contender } from '../contender.ts'

const script = join(places.root, 'bin', 'refract.js')

/** Refract on a project pulled from the database, open to everyone and with policies. */
export async function createRefract(
  databaseUrl: string,
  workDirectory: string,
): Promise<readonly Contender[]> {
  const project = join(workDirectory, 'project')
  mkdirSync(project)
  await runCommand(process.execPath, [script, 'pull', '--project', project], {
    environment: { DATABASE_URL: databaseUrl },
  })
  copyFileSync(new URL('refract.config.ts', import.meta.url), join(project, 'refract.config.ts'))

  const create = (isGuarded: boolean): Contender => ({
    id: isGuarded ? 'refract-viewer' : 'refract',
    title: 'Refract',
    description:
      '`refract start` in production mode on a project that `refract pull` made, with its access log, without a rate limit.',
    isGuarded,
    launch: settings => ({
      program: process.execPath,
      programArguments: [script, 'start', '--project', project],
      environment: {
        DATABASE_URL: settings.databaseUrl,
        HOST: '127.0.0.1',
        PORT: String(settings.port),
        REFRACT_POOL_SIZE: String(settings.poolSize),
        // A benchmark asks more of one address than anybody should.
        REFRACT_RATE_LIMIT_POINTS: '0',
        REFRACT_ACCESS: isGuarded ? 'policies' : 'everyone',
        BENCH_JWT_SECRET: settings.jwtSecret,
      },
    }),
    pathOf: () => '/graphql',
    questionOf: ({ refract }) => refract,
  })
  return [create(false), create(true)]
}
