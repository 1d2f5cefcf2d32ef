import type { Model } from '../../datamodel/model.ts'
import { isEveryRow, isNoRow } from '../../policy/logic.ts'
import type { Row, Select, Where } from '../client.ts'
import type { Scope } from '../scope.ts'
import { mergeSelects } from './order.ts'
import { createRowTest, hasConflict, type RowTest } from './row-test.ts'
import { nestsDecimal } from './selects-decimal.ts'

/** A selection with what decides which of its conditions hold for which rows. */
export interface ReadAlong {
  readonly select: Select
  /**
   * How Prisma should read it: counts of related rows it computes for the rows alone only where it joins, and related rows
   * it reads in the same statement only there.
   */
  readonly strategy: 'join' | 'query'
  /** Notes in each row that was read which conditions it meets. To be called before anybody looks at the rows. */
  finish(rows: readonly Row[]): void
}

/** Where a row has what was noted. */
const notes = Symbol('notes')

/** Whether the row meets the condition of that name; undefined where that was not decided when the row was read. */
export function notedOf(row: Row, name: string): boolean | undefined {
  return (row as { readonly [notes]?: ReadonlyMap<string, boolean> })[notes]?.get(name)
}

/** Where a selection has conditions that are asked of every row besides those of its columns. */
const askedConditions = Symbol('asked conditions')

/** A selection that asks as well whether each row meets the conditions, by the names under which it is noted. */
export function asking(select: Select, conditions: ReadonlyMap<string, Where>): Select {
  return conditions.size === 0 ? select : ({ ...select, [askedConditions]: conditions } as Select)
}

function askedOf(select: Select): ReadonlyMap<string, Where> {
  return (select as { readonly [askedConditions]?: ReadonlyMap<string, Where> })[askedConditions] ?? new Map()
}

/** The name under which it is noted whether a field can be read. */
export function readOf(fieldName: string): string {
  return `${fieldName}.read`
}

const nothing = { strategy: 'query', finish: () => undefined } as const

/**
 * Adds to a selection of a model's rows what the rules of its fields look at, so that fields which can be read in some
 * rows only take no statement of their own. Rules that cannot be decided by looking at a row are left to a statement.
 */
export function readAlong(scope: Scope, model: Model, select: Select): ReadAlong {
  if (scope.access.isFull) return { ...nothing, select }
  const access = scope.access.of(model)
  const columns = model.scalars
    .filter(({ name }) => select[name])
    .map(({ name }) => [readOf(name), access.field(name).read] as const)
  const tests = new Map<string, RowTest>()
  let wanted = select
  for (const [name, condition] of [...columns, ...askedOf(select)]) {
    if (isEveryRow(condition) || isNoRow(condition)) continue
    const test = testOf(scope, model, condition)
    if (!test || hasConflict([wanted, test.select])) continue
    tests.set(name, test)
    wanted = mergeSelects(wanted, test.select)
  }
  if (tests.size === 0) return { ...nothing, select }
  const isNested = [...tests.values()].some(test => Object.values(test.select).some(value => value !== true))
  return {
    select: wanted,
    strategy: isNested && !nestsDecimal(scope.datamodel, model, wanted) ? 'join' : 'query',
    finish: rows => {
      for (const row of rows) {
        const noted = new Map([...tests].map(([name, test]) => [name, test.holds(row)]))
        Object.defineProperty(row, notes, { value: noted, enumerable: true })
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
