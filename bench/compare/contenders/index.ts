import type { Contender } from './contender.ts'
import { createPostgraphile } from './postgraphile/postgraphile.ts'
import { createPothos } from './pothos/pothos.ts'
import { createRefract } from './refract/refract.ts'
import { createSql } from './sql/sql.ts'

export type { Contender } from './contender.ts'
export { createToken } from './create-token.ts'
export { createBody, type RunningContender, type StartOptions, startContender } from './start-contender.ts'

/** All that can run here, ready to be started, in the order of the report: those without a viewer first. */
export async function createContenders(
  databaseUrl: string,
  workDirectory: string,
): Promise<readonly Contender[]> {
  const [refract, pothos, postgraphile, sql] = await Promise.all([
    createRefract(databaseUrl, workDirectory),
    createPothos(),
    createPostgraphile(),
    createSql(),
  ])
  const all = [...refract, pothos, ...(postgraphile ? [postgraphile] : []), ...sql]
  return all.toSorted((one, other) => Number(one.isGuarded) - Number(other.isGuarded))
}
