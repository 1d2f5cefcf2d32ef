import { aggregate } from './aggregate.ts'
import type { BenchQuery } from './bench-query.ts'
import { byKey } from './by-key.ts'
import { create } from './create.ts'
import { filter } from './filter.ts'
import { list } from './list.ts'
import { nestedCreate } from './nested-create.ts'
import { threeLevels } from './three-levels.ts'
import { typename } from './typename.ts'

export type { BenchQuery, Question, Samples, Variables, VisibleTables } from './bench-query.ts'
export { typename }

/** All queries, in the order of the report. */
export const queries: readonly BenchQuery[] = [
  byKey,
  list,
  threeLevels,
  filter,
  aggregate,
  typename,
  create,
  nestedCreate,
]
