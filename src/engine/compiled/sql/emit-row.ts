import type { Model, RelationField, ScalarField, UnsupportedField } from '../../datamodel/model.ts'
import { keyFields } from '../../operations/key.ts'
import { quoteIdentifier } from '../../operations/sql-name.ts'
import { type Emission, emitCondition, ifReadableSql, NotCompilable } from '../emission.ts'
import type { SelectedField, Selection } from '../plan/plan.ts'
import { columnSql } from './column-sql.ts'
import { emitConnection } from './emit-connection.ts'
import { emitToOne } from './emit-to-one.ts'
import { keyValueText } from './key-value.ts'
import { printColumn, printPoint } from './print-column.ts'
import { base64urlText, joinText, objectText, orNull, orRefuse, type Part } from './text-sql.ts'

/** What is asked of a row, as the JSON text of an object; never NULL where the row is there. */
export function emitRow(emission: Emission, model: Model, selection: Selection, alias: string): string {
  return objectText(
    selection.map((field): [string, Part] => [
      field.responseName,
      field.mark === null
        ? { constant: `"${field.typeName}"` }
        : { sql: emitField(emission, model, field, alias) },
    ]),
  )
}

function emitField(emission: Emission, model: Model, field: SelectedField, alias: string): string {
  const { mark } = field
  switch (mark.kind) {
    case 'column':
      return emitColumn(emission, model, mark.field, field, alias)
    case 'point':
      return emitPoint(emission, model, mark.field, field, alias)
    case 'nodeId':
      return emitNodeId(emission, model, alias)
    case 'version':
      return emitVersion(emission, model, field, alias)
    case 'viewerCan':
      return emitViewerCan(emission, model, field, alias)
    case 'toOne':
      return ifReadableSql(emission, model, mark.field.name, alias, () =>
        emitToOne(emission, model, mark.field, field, alias),
      )
    case 'toMany':
      return ifReadableSql(emission, model, mark.field.name, alias, () =>
        emitRelated(emission, model, mark.field, field, alias),
      )
    default:
      throw new NotCompilable(`${field.definition.name} is no field of a row.`)
  }
}

function emitRelated(
  emission: Emission,
  model: Model,
  relation: RelationField,
  field: SelectedField,
  alias: string,
): string {
  const target = emission.models.model(relation.target)
  return emitConnection(emission, field, target, { model, relation, alias })
}

function emitColumn(
  emission: Emission,
  model: Model,
  column: ScalarField,
  { isNonNull }: SelectedField,
  alias: string,
): string {
  const printed = printColumn(emission.datamodel, column, columnSql(column, alias))
  if (printed === null) throw new NotCompilable(`${model.name}.${column.name} is printed by JavaScript.`)
  return ifReadableSql(emission, model, column.name, alias, () =>
    isNonNull ? orRefuse(printed) : orNull(printed),
  )
}

function emitPoint(
  emission: Emission,
  model: Model,
  point: UnsupportedField,
  { isNonNull }: SelectedField,
  alias: string,
): string {
  const printed = printPoint(`${quoteIdentifier(alias)}.${quoteIdentifier(point.column)}`)
  return ifReadableSql(emission, model, point.name, alias, () =>
    isNonNull ? orRefuse(printed) : orNull(printed),
  )
}

function emitNodeId(emission: Emission, model: Model, alias: string): string {
  const parts = keyFields(model).flatMap((field): Part[] => [
    { constant: ',' },
    { sql: orRefuse(keyValueText(emission.datamodel, field, columnSql(field, alias))) },
  ])
  const list = joinText([{ constant: `["${model.typeName}"` }, ...parts, { constant: ']' }])
  return joinText([{ constant: '"' }, { sql: base64urlText(list) }, { constant: '"' }])
}

/** As `versionToken` has it: a moment in milliseconds, or the digits of a counter. */
function emitVersion(emission: Emission, model: Model, { isNonNull }: SelectedField, alias: string): string {
  const { versionField } = model
  if (!versionField) throw new NotCompilable(`${model.name} has no version field.`)
  const column = columnSql(versionField, alias)
  const isMoment = versionField.graphqlType === 'DateTime'
  const printed = isMoment
    ? printColumn(emission.datamodel, versionField, column)
    : `('"' || ${column} || '"')`
  if (printed === null || (versionField.scalar === 'DateTime' && !isMoment))
    throw new NotCompilable(`${model.name} has a version of an unusual type.`)
  return ifReadableSql(emission, model, versionField.name, alias, () =>
    isNonNull ? orRefuse(printed) : orNull(printed),
  )
}

function emitViewerCan(emission: Emission, model: Model, field: SelectedField, alias: string): string {
  return objectText(
    field.selection.map((asked): [string, Part] => {
      if (asked.mark === null) return [asked.responseName, { constant: `"${asked.typeName}"` }]
      const operation = asked.definition.name as 'update' | 'delete'
      const condition = model.isUpdatable
        ? emitCondition(emission, model, alias, ({ scope }) => scope.access.of(model)[operation])
        : 'FALSE'
      if (condition === 'TRUE' || condition === 'FALSE')
        return [asked.responseName, { constant: condition.toLowerCase() }]
      return [asked.responseName, { sql: `CASE WHEN ${condition} THEN 'true' ELSE 'false' END` }]
    }),
  )
}
