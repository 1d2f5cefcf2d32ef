import type { Model } from '../../datamodel/model.ts'
import { isEveryRow, isNoRow } from '../../policy/logic.ts'
import type { Row, Select, Where } from '../client.ts'
import type { Scope } from '../scope.ts'
import { mergeSelects } from './order.ts'
import { createRowTest, hasConflict, type RowTest } from './row-test.ts'
import { nestsDecimal } from './selects-decimal.ts'

/** A selection with what decides which of its fields the viewer may read in which rows. */
export interface ReadAlong {
  readonly select: Select
  /** How Prisma should read it: counts of related rows it computes for the rows alone only where it joins. */
  readonly strategy: 'join' | 'query'
  /** Notes in each row that was read which fields can be read. To be called before anybody looks at the rows. */
  finish(rows: readonly Row[]): void
}

/** Where a row has what was noted: by Prisma field name, whether the field can be read in it. */
const readableFields = Symbol('readable fields')

/** Whether a field can be read in the row; undefined where that was not decided when the row was read. */
export function isNotedReadable(row: Row, fieldName: string): boolean | undefined {
  return (row as { readonly [readableFields]?: ReadonlyMap<string, boolean> })[readableFields]?.get(fieldName)
}

const nothing = { strategy: 'query', finish: () => undefined } as const

/**
 * Adds to a selection of a model's rows what the rules of its fields look at, so that fields which can be read in some
 * rows only take no statement of their own. Rules that cannot be decided by looking at a row are left to a statement.
 */
export function readAlong(scope: Scope, model: Model, select: Select): ReadAlong {
  if (scope.access.isFull) return { ...nothing, select }
  const access = scope.access.of(model)
  const tests = new Map<string, RowTest>()
  let wanted = select
  for (const { name } of model.fields) {
    if (!select[name]) continue
    const { read } = access.field(name)
    if (isEveryRow(read) || isNoRow(read)) continue
    const test = testOf(scope, model, read)
    if (!test || hasConflict([wanted, test.select])) continue
    tests.set(name, test)
    wanted = mergeSelects(wanted, test.select)
  }
  if (tests.size === 0) return { ...nothing, select }
  const hasCounts = [...tests.values()].some(test => '_count' in test.select)
  return {
    select: wanted,
    strategy: hasCounts && !nestsDecimal(scope.datamodel, model, wanted) ? 'join' : 'query',
    finish: rows => {
      for (const row of rows) {
        const noted = new Map([...tests].map(([name, test]) => [name, test.holds(row)]))
        Object.defineProperty(row, readableFields, { value: noted, enumerable: true })
      }
    },
  }
}

const knownTests = new WeakMap<Where, RowTest | null>()

/** A request asks a rule once, and then uses its condition for every read. */
function testOf({ datamodel }: Scope, model: Model, where: Where): RowTest | null {
  const known = knownTests.get(where)
  if (known !== undefined) return known
  const made = createRowTest(datamodel, model, where)
  knownTests.set(where, made)
  return made
}
