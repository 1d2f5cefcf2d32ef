import type { Datamodel, Model, ScalarField } from '../../datamodel/model.ts'
import type { Where } from '../../operations/client.ts'
import type { AggregateFunction } from '../../operations/read/aggregate.ts'
import { assertAggregable } from '../../operations/read/assert-aggregable.ts'
import { type GroupArguments, readGroupArguments } from '../../operations/read/group-arguments.ts'
import type { GroupOrderTerm, GroupRead } from '../../operations/read/group-read.ts'
import { parseGroupSort } from '../../operations/read/group-sort.ts'
import { type Compared, havingSql } from '../../operations/read/having-sql.ts'
import { columnType, valueText } from '../../operations/sql/column-type.ts'
import { isEveryRow } from '../../policy/logic.ts'
import { type Decision, type Emission, NotCompilable, type ReadRequest } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import { columnSql } from './column-sql.ts'
import type { MatchingRows } from './emit-connection.ts'
import { emitToOne } from './emit-to-one.ts'
import { AggregateColumns } from './emit-totals.ts'
import { aggregateSql } from './print-aggregate.ts'
import { printColumn } from './print-column.ts'
import { objectText, orNull, type Part } from './text-sql.ts'

type Groups = Pick<GroupRead, 'by' | 'order'>

/** The groups of the rows that match, as the JSON text of a list. */
export function emitGroups(emission: Emission, field: SelectedField, rows: MatchingRows): string {
  const { context } = emission
  const { data: groups, texts } = emission.decide(request => decideGroups(request, field, rows))
  const alias = context.nextAlias()
  const columns = new AggregateColumns(emission, rows, alias)
  const text = columns.object(field.selection, item => keyText(emission, rows.model, groups, item, alias))
  const keys = groups.by.map(by => columnSql(by, rows.alias))
  const list = columns.list()
  const found =
    `(SELECT ${[...keys, ...(list === '' ? [] : [list])].join(', ')} FROM ${rows.from} WHERE ${rows.where} ` +
    `GROUP BY ${keys.join(', ')}${texts[1]} ORDER BY ${[...groups.order.map(term => orderSql(term, rows)), ...keys].join(', ')} ` +
    `LIMIT ${texts[0]}) AS "${alias}"`
  return `(SELECT '[' || coalesce(string_agg(${text}, ','), '') || ']' FROM ${found})`
}

/** The texts are the most groups and HAVING. */
function decideGroups(
  request: ReadRequest,
  field: SelectedField,
  { model, alias }: MatchingRows,
): Decision<Groups> {
  const { scope, context } = request
  const { values } = request.argumentsOf(field)
  const { by, order, having, limit } = readGroupArguments(scope, model, values as unknown as GroupArguments)
  const named = [...by, ...order.flatMap(term => (term.field ? [term.field] : []))]
  assertAggregable(
    scope,
    model,
    named.map(({ name }) => name),
  )
  const key = JSON.stringify([
    by.map(({ name }) => name),
    order.map(term => [term.by, term.field?.name, term.order]),
  ])
  const condition = isEveryRow(having) ? '' : ` HAVING ${havingText(request, model, having, alias)}`
  return { key, texts: [context.parameter(String(limit), 'int8'), condition], data: { by, order } }
}

function havingText(request: ReadRequest, model: Model, having: Where, alias: string): string {
  const { datamodel, context } = request
  const column = (field: ScalarField) => columnSql(field, alias)
  return havingSql(
    {
      datamodel,
      model: datamodel.model(model.name),
      column,
      aggregate: (name, field) => aggregateSql(name as AggregateFunction, field, column(field)),
      parameter: (value, compared) => context.parameter(...comparedValue(datamodel, value, compared)),
    },
    having,
  )
}

/** A value of HAVING as text, and the type of what it is compared with. */
function comparedValue(
  datamodel: Datamodel,
  value: unknown,
  { by, field }: Compared,
): [text: string, type: string] {
  if (by === 'count') return [String(value), 'int8']
  if (by === 'text') return [String(value), 'text']
  // an enum's value is the database's already
  if (field.enumName !== null) return [String(value), columnType(datamodel, field)]
  // a sum of money is money
  const isAsColumn = by !== 'avg' && field.nativeType?.name === 'Money'
  if (by === 'min' || by === 'max' || by === 'key' || isAsColumn)
    return [valueText(datamodel, field, value), columnType(datamodel, field)]
  const isExact = field.scalar === 'Decimal' || (by === 'sum' && field.scalar !== 'Float')
  return [
    valueText(datamodel, { ...field, scalar: isExact ? 'Decimal' : 'Float' }, value),
    isExact ? 'numeric' : 'float8',
  ]
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
  if (!isKnown) return { constant: 'null' }
  const { data: isReadable } = emission.decide(({ scope }) => {
    const isOpen = isEveryRow(scope.access.of(model).field(field.name).read)
    return { key: String(isOpen), texts: [], data: isOpen }
  })
  return isReadable ? { sql: emitToOne(emission, model, field, item, alias) } : { constant: 'null' }
}
