import type { Model, RelationField } from '../../datamodel/model.ts'
import { visible } from '../../operations/scope.ts'
import { relatedRows } from '../../operations/sql/relation-sql.ts'
import { type Emission, emitCondition, NotCompilable, type ReadRequest } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import { emitGroups } from './emit-groups.ts'
import { checkPage, emitPage, pageFieldKinds } from './emit-page.ts'
import { emitTotals, totalsFieldKinds } from './emit-totals.ts'
import { andSql, objectText, type Part } from './text-sql.ts'

/** The row that a list relation belongs to. */
export interface Owner {
  readonly model: Model
  readonly relation: RelationField
  readonly alias: string
}

/** A new set of a list's rows, as FROM and WHERE have them: all that match, on all pages. */
export interface MatchingRows {
  readonly model: Model
  readonly alias: string
  readonly from: string
  readonly where: string
  /** No row can match. */
  readonly isNone: boolean
}

/** Subqueries of one row each for a FROM, and what they give to an object. */
export interface ConnectionPart {
  readonly from: string
  readonly values: ReadonlyMap<SelectedField, Part>
}

/**
 * A connection as the JSON text of an object: the rows of a model that match, or, with an owner, those of its list
 * relation.
 */
export function emitConnection(
  emission: Emission,
  field: SelectedField,
  model: Model,
  owner: Owner | null,
): string {
  const rows = () => matchingRows(emission, field, model, owner)
  const asked = field.selection.filter((item): item is SelectedField => item.mark !== null)
  const of = (kinds: ReadonlySet<string>) => asked.filter(({ mark }) => kinds.has(mark.kind))
  const parts: ConnectionPart[] = []
  const [page, totals] = [of(pageFieldKinds), of(totalsFieldKinds)]
  if (page.length === 0) checkPage(emission, field, model)
  else parts.push(emitPage(emission, field, page, rows()))
  if (totals.length > 0) parts.push(emitTotals(emission, totals, rows()))
  const values = new Map(parts.flatMap(part => [...part.values]))
  for (const item of asked) {
    if (item.mark.kind === 'groups') values.set(item, { sql: emitGroups(emission, item, rows()) })
  }
  const text = objectText(
    field.selection.map((item): [string, Part] => {
      if (item.mark === null) return [item.responseName, { constant: `"${item.typeName}"` }]
      const value = values.get(item)
      if (!value) throw new NotCompilable(`${item.definition.name} is no field of a connection.`)
      return [item.responseName, value]
    }),
  )
  const from = parts.map(part => part.from).join(', ')
  return from === '' ? text : `(SELECT ${text} FROM ${from})`
}

function matchingRows(
  emission: Emission,
  field: SelectedField,
  model: Model,
  owner: Owner | null,
): MatchingRows {
  const { context } = emission
  const whereOf = (request: ReadRequest) => visible(request.scope, model, request.argumentsOf(field).where)
  if (!owner) {
    const alias = context.nextAlias()
    const where = emitCondition(emission, model, alias, whereOf)
    return { model, alias, from: `${context.tableOf(model)} AS "${alias}"`, where, isNone: where === 'FALSE' }
  }
  const related = relatedRows(context, { model: owner.model, field: owner.relation, alias: owner.alias })
  const condition = emitCondition(emission, model, related.alias, whereOf)
  const where = andSql([related.link, condition])
  return { model, alias: related.alias, from: related.from, where, isNone: condition === 'FALSE' }
}
