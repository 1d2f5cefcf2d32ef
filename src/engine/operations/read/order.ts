import { RefractError } from '../../../errors.ts'
import type { Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import { isEveryRow } from '../../policy/logic.ts'
import type { Row, Select, Where } from '../client.ts'
import { keyFields } from '../key.ts'
import type { Scope } from '../scope.ts'

export type Direction = 'asc' | 'desc'
export type NullsPlacement = 'first' | 'last'

/** One term of an order, as data: a column here or across to-one relations, or how many rows a list relation has. */
export interface OrderTerm {
  /** The to-one relations to go along, outermost first. */
  readonly path: readonly RelationField[]
  readonly by: ScalarField | RelationField
  readonly direction: Direction
  /** Where nulls come; PostgreSQL's own placement is last for ascending and first for descending. */
  readonly nulls: NullsPlacement
  /** The value can be null: the column, or a relation on the way to it. */
  readonly isNullable: boolean
}

type OrderScope = Pick<Scope, 'access' | 'datamodel'>
type OrderInput = Readonly<Record<string, unknown>>

/** Each is a join of a statement. */
const maximumOrderDepth = 5

/**
 * The GraphQL `orderBy` to terms; the key of the rows always ends them, so that the order is total.
 *
 * @throws RefractError BAD_USER_INPUT for an entry that names not exactly one thing, or what the viewer may not order by:
 *   a field that is hidden in some rows, and related rows of which some are hidden
 */
export function translateOrder(
  scope: OrderScope,
  model: Model,
  input: readonly OrderInput[] | null | undefined,
): readonly OrderTerm[] {
  const terms = (input ?? []).map(entry => translateEntry(scope, model, entry, []))
  const named = new Set(terms.filter(term => term.path.length === 0).map(term => term.by.name))
  const rest = keyFields(model).filter(field => !named.has(field.name))
  return [...terms, ...rest.map(field => columnTerm([], field, 'ASC'))]
}

function translateEntry(
  scope: OrderScope,
  model: Model,
  entry: OrderInput,
  path: readonly RelationField[],
): OrderTerm {
  const given = Object.entries(entry).filter(([, value]) => value !== undefined && value !== null)
  const [name, value] = given[0] ?? []
  if (given.length !== 1 || name === undefined) {
    throw new RefractError(
      'BAD_USER_INPUT',
      'Each entry of orderBy names exactly one field; use a list for more.',
    )
  }
  const field = model.fields.find(candidate => candidate.graphqlName === name)
  if (!field || field.kind === 'unsupported') throw new Error(`${model.name} has no order ${name}.`)
  if (!canOrderBy(scope, model, field)) {
    throw new RefractError('BAD_USER_INPUT', `Rows of ${model.typeName} cannot be ordered by ${name}.`)
  }
  if (field.kind === 'scalar') return columnTerm(path, field, value as string)
  if (!field.isList) {
    if (path.length >= maximumOrderDepth) {
      throw new RefractError(
        'BAD_USER_INPUT',
        `An order can go along ${maximumOrderDepth} relations; this one goes further.`,
      )
    }
    return translateEntry(scope, scope.datamodel.model(field.target), value as OrderInput, [...path, field])
  }
  const { count } = value as { count?: string }
  if (typeof count !== 'string') {
    throw new RefractError('BAD_USER_INPUT', `orderBy.${name} expects { count: ASC } or { count: DESC }.`)
  }
  return { ...parseSortOrder(count), path, by: field, isNullable: false }
}

/**
 * The viewer may order by the field: its value, or for a relation each of the related rows, is there to be read in every
 * row. An order by what is hidden would tell it.
 */
export function canOrderBy(
  { access, datamodel }: OrderScope,
  model: Model,
  field: ScalarField | RelationField,
): boolean {
  if (!access.of(model).field(field.name).isOrderable) return false
  return field.kind === 'scalar' || isEveryRow(access.of(datamodel.model(field.target)).read)
}

function columnTerm(path: readonly RelationField[], by: ScalarField, sortOrder: string): OrderTerm {
  const isNullable = !by.isRequired || path.some(relation => !relation.isRequired)
  return { ...parseSortOrder(sortOrder), path, by, isNullable }
}

/** `DESC_NULLS_LAST` and its siblings; without NULLS it is PostgreSQL's placement. */
export function parseSortOrder(sortOrder: string): { direction: Direction; nulls: NullsPlacement } {
  const direction = sortOrder.startsWith('DESC') ? 'desc' : 'asc'
  if (sortOrder.endsWith('_NULLS_FIRST')) return { direction, nulls: 'first' }
  if (sortOrder.endsWith('_NULLS_LAST')) return { direction, nulls: 'last' }
  return { direction, nulls: direction === 'asc' ? 'last' : 'first' }
}

export function reverseOrder(terms: readonly OrderTerm[]): readonly OrderTerm[] {
  return terms.map(term => ({
    ...term,
    direction: term.direction === 'asc' ? 'desc' : 'asc',
    nulls: term.nulls === 'first' ? 'last' : 'first',
  }))
}

/** Prisma's `orderBy` of the terms. */
export function toPrismaOrder(terms: readonly OrderTerm[]): readonly Where[] {
  return terms.map(term => {
    const leaf = term.by.kind === 'relation' ? { _count: term.direction } : columnOrder(term)
    return wrapPath(term.path, { [term.by.name]: leaf })
  })
}

function columnOrder(term: OrderTerm): unknown {
  const isDefault = term.nulls === (term.direction === 'asc' ? 'last' : 'first')
  if (isDefault || !term.isNullable) return term.direction
  if (term.by.isRequired) {
    const name = [...term.path, term.by].map(field => field.graphqlName).join('.')
    throw new RefractError(
      'BAD_USER_INPUT',
      `Nulls cannot be placed for ${name}: the field itself is never null. Use ASC or DESC.`,
    )
  }
  return { sort: term.direction, nulls: term.nulls }
}

/** The `select` that a row's order values are read from. */
export function selectOrderValues(terms: readonly OrderTerm[]): Select {
  return terms.reduce<Select>((select, term) => {
    const leaf =
      term.by.kind === 'relation'
        ? { _count: { select: { [term.by.name]: true } } }
        : { [term.by.name]: true }
    const nested = term.path.reduceRight<Select>(
      (inner, relation) => ({ [relation.name]: { select: inner } }),
      leaf,
    )
    return mergeSelects(select, nested)
  }, {})
}

/** Two selects of the same model as one; a relation that both name gets what either wants. */
export function mergeSelects(first: Select, second: Select): Select {
  const merged: Record<string, unknown> = { ...first }
  for (const [name, value] of Object.entries(second)) {
    const existing = merged[name]
    merged[name] =
      isSelection(existing) && isSelection(value)
        ? { ...existing, ...value, select: mergeSelects(existing.select, value.select) }
        : isSelection(existing)
          ? existing
          : value
  }
  return merged
}

/** A related row or rows to be read as well. */
export function isSelection(value: unknown): value is { readonly select: Select } {
  return typeof value === 'object' && value !== null && 'select' in value
}

/**
 * The value that a term orders a row by; where a relation on the way is absent, null for a column and 0 for a count, as Prisma
 * orders it.
 */
export function orderValue(term: OrderTerm, row: Row): unknown {
  const target = term.path.reduce<Row | null>(
    (current, relation) => (current?.[relation.name] as Row | null | undefined) ?? null,
    row,
  )
  if (term.by.kind === 'scalar') return target?.[term.by.name] ?? null
  return (target?._count as Readonly<Record<string, number>> | undefined)?.[term.by.name] ?? 0
}

/** A condition on the last model of a path as a condition on the first. */
export function wrapPath(path: readonly RelationField[], condition: Where): Where {
  return path.reduceRight<Where>((inner, relation) => ({ [relation.name]: inner }), condition)
}
