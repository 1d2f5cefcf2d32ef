import type { BenchQuery } from './bench-query.ts'
import { byKey } from './by-key.ts'
import { list } from './list.ts'
import { typename } from './typename.ts'

export type { BenchQuery, Question, Samples, Variables, VisibleTables } from './bench-query.ts'
export { typename }

/** All queries, in the order of the report. */
export const queries: readonly BenchQuery[] = [typename, byKey, list]
