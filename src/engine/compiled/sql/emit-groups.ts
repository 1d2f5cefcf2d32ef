import type { Model } from '../../datamodel/model.ts'
import { assertAggregable } from '../../operations/read/assert-aggregable.ts'
import { type GroupArguments, readGroupArguments } from '../../operations/read/group-arguments.ts'
import type { GroupOrderTerm, GroupRead } from '../../operations/read/group-read.ts'
import { parseGroupSort } from '../../operations/read/group-sort.ts'
import { isEveryRow } from '../../policy/logic.ts'
import { type Emission, NotCompilable } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import type { MatchingRows } from './emit-connection.ts'
import { columnSql } from './emit-row.ts'
import { emitToOne } from './emit-to-one.ts'
import { AggregateColumns } from './emit-totals.ts'
import { aggregateSql } from './print-aggregate.ts'
import { printColumn } from './print-column.ts'
import { objectText, orNull, type Part } from './text-sql.ts'

type Groups = Pick<GroupRead, 'by' | 'limit' | 'having' | 'order'>

/** The groups of the rows that match, as the JSON text of a list. */
export function emitGroups(emission: Emission, field: SelectedField, rows: MatchingRows): string {
  const { scope, context } = emission
  const { values } = emission.argumentsOf(field)
  const groups = readGroupArguments(scope, rows.model, values as unknown as GroupArguments)
  if (!isEveryRow(groups.having)) throw new NotCompilable('having is made by the ordinary path.')
  const named = [...groups.by, ...groups.order.flatMap(term => (term.field ? [term.field] : []))]
  assertAggregable(
    scope,
    rows.model,
    named.map(({ name }) => name),
  )
  const alias = context.nextAlias()
  const columns = new AggregateColumns(emission, rows, alias)
  const text = columns.object(field.selection, item => keyText(emission, rows.model, groups, item, alias))
  const keys = groups.by.map(by => columnSql(by, rows.alias))
  const limit = context.parameter(String(groups.limit), 'int8')
  const list = columns.list()
  const found =
    `(SELECT ${[...keys, ...(list === '' ? [] : [list])].join(', ')} FROM ${rows.from} WHERE ${rows.where} ` +
    `GROUP BY ${keys.join(', ')} ORDER BY ${[...groups.order.map(term => orderSql(term, rows)), ...keys].join(', ')} ` +
    `LIMIT ${limit}) AS "${alias}"`
  return `(SELECT '[' || coalesce(string_agg(${text}, ','), '') || ']' FROM ${found})`
}

function orderSql({ by, field, order }: GroupOrderTerm, rows: MatchingRows): string {
  const { direction, nulls } = parseGroupSort(order)
  const column = field && by !== 'count' ? columnSql(field, rows.alias) : null
  const value =
    column === null || !field ? 'count(*)' : by === 'key' ? column : aggregateSql(by as 'sum', field, column)
  return `${value} ${direction === 'asc' ? 'ASC' : 'DESC'} NULLS ${nulls === 'first' ? 'FIRST' : 'LAST'}`
}

/** What the rows of a group have in common. What was not grouped by is null. */
function keyText(
  emission: Emission,
  model: Model,
  { by }: Groups,
  field: SelectedField,
  alias: string,
): Part {
  if (field.mark.kind !== 'groupKey')
    throw new NotCompilable(`${field.definition.name} is no field of a group.`)
  const sql = objectText(
    field.selection.map((item): [string, Part] => {
      if (item.mark === null) return [item.responseName, { constant: `"${item.typeName}"` }]
      return [item.responseName, keyPart(emission, model, by, item, alias)]
    }),
  )
  return { sql }
}

function keyPart(
  emission: Emission,
  model: Model,
  by: Groups['by'],
  item: SelectedField,
  alias: string,
): Part {
  const { mark } = item
  if (mark.kind === 'column') {
    const { field } = mark
    if (!by.includes(field)) return { constant: 'null' }
    const printed = printColumn(emission.datamodel, field, columnSql(field, alias))
    if (printed === null) throw new NotCompilable(`${field.name} is printed by JavaScript.`)
    return { sql: orNull(printed) }
  }
  if (mark.kind !== 'toOne') throw new NotCompilable(`${item.definition.name} is no field of a group's key.`)
  const { field } = mark
  const isKnown = field.from.every(name => by.some(key => key.name === name))
  const isReadable = isEveryRow(emission.scope.access.of(model).field(field.name).read)
  return isKnown && isReadable
    ? { sql: emitToOne(emission, model, field, item, alias) }
    : { constant: 'null' }
}
