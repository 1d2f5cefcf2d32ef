import { AsyncLocalStorage } from 'node:async_hooks'
import type { ProjectClient } from '../../engine/index.ts'
import { RefractError } from '../../errors.ts'

/*
 * better-auth takes some errors of the database for an answer: a session that cannot be read is no session, and whoever
 * sent it is signed out. So what its client throws is noted beside, and comes first.
 */
const noted = new AsyncLocalStorage<unknown[]>()

/** The codes of errors that are answers: something is there already, something is not there. */
const answers: readonly unknown[] = ['P2002', 'P2025']

export type WatchedClient = ReturnType<typeof watchClient>

/** A client whose errors `withFaults` sees. */
export function watchClient(client: ProjectClient) {
  return client.$extends({
    query: {
      $allOperations: async ({ args, query }) => {
        try {
          return await query(args)
        } catch (error) {
          if (!answers.includes(codeOf(error))) noted.getStore()?.push(error)
          throw error
        }
      },
    },
  })
}

/** Runs what uses a watched client, and throws what the database threw, whatever became of it. */
export async function withFaults<Result>(work: () => Promise<Result>): Promise<Result> {
  const errors: unknown[] = []
  try {
    const result = await noted.run(errors, work)
    if (errors.length === 0) return result
  } catch (error) {
    if (errors.length === 0) throw error
  }
  throw explain(errors[0])
}

/** An id that is no UUID is the caller's mistake, though only the database finds it. */
function explain(error: unknown): unknown {
  const isBadId = codeOf(error) === 'P2007' || codeOf(error) === 'P2023'
  return isBadId ? new RefractError('BAD_USER_INPUT', 'Expected the id of something to be a UUID.') : error
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
