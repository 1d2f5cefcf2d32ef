import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Row, Where } from '../operations/client.ts'
import { createRowTest, type RowTest } from '../operations/read/row-test.ts'
import { isEveryRow, isNoRow } from '../policy/logic.ts'
import type { Change } from './change.ts'
import type { Interest, Sides, Verdict } from './match-changes.ts'

/** Says of a row in JavaScript what holds of it. */
export interface RowJudge {
  /** What has to be known of a row: Prisma names of columns. */
  readonly columns: readonly string[]
  judge(change: Change): Verdict
}

/**
 * Decides an interest whose conditions look at columns only, and at those that JavaScript compares like PostgreSQL: no
 * statement is sent then. Null for any other.
 *
 * @param everything all models, which policies can look at
 */
export function createRowJudge(everything: Datamodel, interest: Interest): RowJudge | null {
  const model = everything.model(interest.model.name)
  const tests = [interest.visible, interest.wanted, ...interest.fields.values()].map(where =>
    testOf(everything, model, where),
  )
  if (!tests.every(test => test !== null)) return null
  const names = [...interest.fields.keys()]
  return {
    columns: [...new Set(tests.flatMap(test => Object.keys(test.select)))],
    judge: change => {
      const [visible, wanted, ...fields] = tests.map(test => sidesOf(test, change))
      const nothing: Sides = [false, false]
      return {
        visible: visible ?? nothing,
        wanted: wanted ?? nothing,
        fields: new Map(names.map((name, index) => [name, fields[index] ?? nothing])),
      }
    },
  }
}

function testOf(everything: Datamodel, model: Model, where: Where): RowTest | null {
  if (isEveryRow(where)) return { select: {}, holds: () => true }
  if (isNoRow(where)) return { select: {}, holds: () => false }
  const test = createRowTest(everything, model, where)
  // related rows are not in an image
  return test && Object.values(test.select).every(part => part === true) ? test : null
}

function sidesOf({ holds }: RowTest, { before, after }: Change): Sides {
  const meets = (row: Row | null) => row !== null && holds(row)
  return [meets(before), meets(after)]
}
