import type { Datamodel, ScalarField } from '../../datamodel/model.ts'
import { allOf, anyOf, everyRow, noRow } from '../../policy/logic.ts'
import type { Where } from '../client.ts'
import { type OrderTerm, wrapPath } from './order.ts'

/**
 * The rows that come after the row with the given order values: (a > x) or (a = x and b > y) or …, with the
 * directions and null placements of the terms.
 */
export function rowsAfter(
  datamodel: Datamodel,
  terms: readonly OrderTerm[],
  values: readonly unknown[],
): Where {
  const alternatives = terms.map((term, index) => {
    const equal = terms.slice(0, index).map((earlier, position) => equalTo(earlier, values[position]))
    return allOf([...equal, after(datamodel, term, values[index])])
  })
  return anyOf(alternatives)
}

/** Prisma compares neither a relation's count nor bytes in a `where`: an order by them takes `pageSql`. */
export function hasKeyset(terms: readonly OrderTerm[]): boolean {
  return terms.every(term => term.by.kind === 'scalar' && term.by.scalar !== 'Bytes')
}

/** The rows that have the value of a term that is a column. */
export function equalTo(term: OrderTerm, value: unknown): Where {
  return value === null ? isNull(term) : wrapPath(term.path, { [term.by.name]: { equals: value } })
}

/** The rows that come after all that have the value of a term that is a column. */
export function after(datamodel: Datamodel, term: OrderTerm, value: unknown): Where {
  if (value === null) return term.nulls === 'last' ? noRow : isNotNull(term)
  const greater = beyond(datamodel, term, value)
  return term.isNullable && term.nulls === 'last' ? anyOf([greater, isNull(term)]) : greater
}

/** Strictly beyond a value in the term's direction. Prisma compares neither enums nor booleans, so those are listed. */
function beyond(datamodel: Datamodel, term: OrderTerm, value: unknown): Where {
  const field = term.by as ScalarField
  const listed = listedValues(datamodel, field)
  if (!listed) {
    return wrapPath(term.path, { [field.name]: { [term.direction === 'asc' ? 'gt' : 'lt']: value } })
  }
  const position = listed.indexOf(value)
  const rest = term.direction === 'asc' ? listed.slice(position + 1) : listed.slice(0, Math.max(position, 0))
  if (rest.length === 0) return noRow
  return anyOf(rest.map(item => wrapPath(term.path, { [field.name]: { equals: item } })))
}

/** The values of an enum or boolean in PostgreSQL's order; null for any other type. */
function listedValues(datamodel: Datamodel, field: ScalarField): readonly unknown[] | null {
  if (field.enumName) return datamodel.enum(field.enumName).values.map(value => value.name)
  return field.scalar === 'Boolean' ? [false, true] : null
}

/** The column is null, or a relation on the way is absent. */
function isNull(term: OrderTerm): Where {
  const absent = term.path.flatMap((relation, index) =>
    relation.isRequired ? [] : [wrapPath(term.path.slice(0, index), { [relation.name]: null })],
  )
  const column = term.by.isRequired ? [] : [wrapPath(term.path, { [term.by.name]: null })]
  return anyOf([...absent, ...column])
}

function isNotNull(term: OrderTerm): Where {
  const where = isNull(term)
  return where === noRow ? everyRow : { NOT: [where] }
}
