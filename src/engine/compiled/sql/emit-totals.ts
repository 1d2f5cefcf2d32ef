import type { ScalarField } from '../../datamodel/model.ts'
import type { AggregateFunction } from '../../operations/read/aggregate.ts'
import { assertAggregable } from '../../operations/read/assert-aggregable.ts'
import { type Emission, NotCompilable } from '../emission.ts'
import type { SelectedField, Selection } from '../plan/plan.ts'
import { columnSql } from './column-sql.ts'
import type { ConnectionPart, MatchingRows } from './emit-connection.ts'
import { aggregateSql, printAggregate } from './print-aggregate.ts'
import { objectText, orNull, type Part } from './text-sql.ts'

/** The fields of a connection that are about all rows that match. */
export const totalsFieldKinds: ReadonlySet<string> = new Set(['totalCount', 'aggregate'])

/** How many rows match, and their aggregates: one subquery for all of them. */
export function emitTotals(
  emission: Emission,
  fields: readonly SelectedField[],
  rows: MatchingRows,
): ConnectionPart {
  const alias = emission.context.nextAlias()
  const columns = new AggregateColumns(emission, rows, alias)
  const values = new Map(
    fields.map((field): [SelectedField, Part] => [
      field,
      field.mark.kind === 'totalCount' ? { sql: columns.count() } : { sql: columns.object(field.selection) },
    ]),
  )
  // one row it is, also where nothing but names of types is asked for
  const list = columns.list() || 'count(*)'
  return { from: `(SELECT ${list} FROM ${rows.from} WHERE ${rows.where}) AS "${alias}"`, values }
}

/** The columns of a subquery that counts and aggregates rows, each once. */
export class AggregateColumns {
  readonly #columns = new Map<string, string>()
  readonly #emission: Emission
  readonly #rows: MatchingRows
  readonly #alias: string

  /** @param alias the subquery's */
  constructor(emission: Emission, rows: MatchingRows, alias: string) {
    this.#emission = emission
    this.#rows = rows
    this.#alias = alias
  }

  count(): string {
    return `${this.#column('count(*)')}::text`
  }

  /** What is asked of aggregates or of a group, as the JSON text of an object; `other` makes the fields that are neither. */
  object(selection: Selection, other?: (field: SelectedField) => Part): string {
    return objectText(
      selection.map((item): [string, Part] => {
        if (item.mark === null) return [item.responseName, { constant: `"${item.typeName}"` }]
        if (item.mark.kind === 'count') return [item.responseName, { sql: this.count() }]
        if (item.mark.kind === 'aggregates') return [item.responseName, { sql: this.#values(item.selection) }]
        if (!other) throw new NotCompilable(`${item.definition.name} is no aggregate.`)
        return [item.responseName, other(item)]
      }),
    )
  }

  list(): string {
    return [...this.#columns].map(([sql, name]) => `${sql} AS "${name}"`).join(', ')
  }

  #values(selection: Selection): string {
    return objectText(
      selection.map((item): [string, Part] => {
        if (item.mark === null) return [item.responseName, { constant: `"${item.typeName}"` }]
        if (item.mark.kind !== 'aggregateValue')
          throw new NotCompilable(`${item.definition.name} is no aggregate.`)
        return [item.responseName, { sql: this.#value(item.mark.by, item.mark.field) }]
      }),
    )
  }

  #value(by: AggregateFunction, field: ScalarField): string {
    const { model } = this.#rows
    this.#emission.decide(({ scope }) => {
      assertAggregable(scope, model, [field.name])
      return nothing
    })
    const column = this.#column(aggregateSql(by, field, columnSql(field, this.#rows.alias)))
    return orNull(printAggregate(this.#emission.datamodel, by, field, column))
  }

  #column(sql: string): string {
    const name = this.#columns.get(sql) ?? `total${this.#columns.size}`
    this.#columns.set(sql, name)
    return `"${this.#alias}"."${name}"`
  }
}

const nothing = { key: '', texts: [], data: null }
