import { describePackage } from '../../describe-package.ts'
import { bundleServer } from '../bundle-server.ts'
import type { Contender } from '../contender.ts'

/** The limit: node:http and pg with one statement that makes the whole answer; without and with a row policy in the SQL. */
export async function createSql(): Promise<readonly Contender[]> {
  const script = await bundleServer('sql')
  const create = (isGuarded: boolean): Contender => ({
    id: isGuarded ? 'sql-viewer' : 'sql',
    title: 'node:http + SQL',
    description: `node:http and ${describePackage('pg')}; one prepared statement makes the whole answer. No GraphQL: the limit.`,
    isGuarded,
    launch: ({ databaseUrl, port, poolSize, jwtSecret }) => ({
      program: process.execPath,
      programArguments: [script],
      environment: {
        DATABASE_URL: databaseUrl,
        PORT: String(port),
        POOL_SIZE: String(poolSize),
        BENCH_GUARDED: String(isGuarded),
        BENCH_JWT_SECRET: jwtSecret,
      },
    }),
    pathOf: ({ id }) => `/${id}`,
    questionOf: () => ({ document: '' }),
  })
  return [create(false), create(true)]
}
