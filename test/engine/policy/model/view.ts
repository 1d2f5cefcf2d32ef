import type { Model } from '../../../../src/engine/datamodel/model.ts'
import { matches } from '../../read/model/evaluate.ts'
import { type PlainRow, relatedRows, rowsOf, type World } from '../../read/model/world.ts'
import type { ModelRules, RowRule, Rules } from './rules.ts'

/** What a viewer may see of a database: see `viewOf`. */
export interface View {
  /** Two views are the same if and only if their texts are. */
  readonly text: string
  isVisible(model: Model, row: PlainRow): boolean
  isReadable(model: Model, row: PlainRow, fieldName: string): boolean
}

/**
 * What a viewer may see, in plain JavaScript: of each row that the `read` rule of its model matches
 *
 * - the values of the columns that may be read in this row, foreign keys included;
 * - of the relations that may be read in this row, at either end, the keys of the related rows that are visible as well;
 * - whether it may be updated and deleted.
 *
 * Everything else is hidden: all of the other rows, and what the fields of a visible row hold that may not be read in it.
 */
export function viewOf(world: World, rules: Rules): View {
  const holds = createHolds(world)
  const isVisible = (model: Model, row: PlainRow) => holds(model, rulesOf(rules, model).read, row)
  const isReadable = (model: Model, row: PlainRow, fieldName: string) =>
    holds(model, rulesOf(rules, model).fields[fieldName]?.read ?? true, row)
  const rowView = (model: Model, row: PlainRow) => [
    ...model.scalars.map(({ name }) => (isReadable(model, row, name) ? (row[name] ?? null) : 'hidden')),
    ...model.relations.map(relation => {
      if (!isReadable(model, row, relation.name)) return 'hidden'
      const target = world.datamodel.model(relation.target)
      const related = relatedRows(world, model, relation, row).filter(other => isVisible(target, other))
      return related.map(other => other.id).sort()
    }),
    holds(model, rulesOf(rules, model).update, row),
    holds(model, rulesOf(rules, model).delete, row),
  ]
  const rows = world.datamodel.models.flatMap(model =>
    rowsOf(world, model)
      .filter(row => isVisible(model, row))
      .map(row => JSON.stringify([model.name, row.id, ...rowView(model, row)])),
  )
  return { text: rows.toSorted().join('\n'), isVisible, isReadable }
}

function rulesOf(rules: Rules, model: Model): ModelRules {
  const found = rules[model.name]
  if (!found) throw new Error(`${model.name} has no rules.`)
  return found
}

/** Whether a rule allows a row; each is asked once. */
function createHolds(world: World) {
  const known = new Map<RowRule, Map<PlainRow, boolean>>()
  return (model: Model, rule: RowRule, row: PlainRow): boolean => {
    if (typeof rule === 'boolean') return rule
    const answers = known.get(rule) ?? new Map<PlainRow, boolean>()
    known.set(rule, answers)
    const answer = answers.get(row) ?? matches(world, model, rule, row) === true
    answers.set(row, answer)
    return answer
  }
}
