import { createAttemptLimiters, createCounterStore } from '../../src/limits/index.ts'
import { silentLog } from '../../src/observe/log.ts'

/** Makes limiters that count in memory, each on its own. */
export const createAttemptLimiter = createAttemptLimiters(await createCounterStore({ log: silentLog }))
