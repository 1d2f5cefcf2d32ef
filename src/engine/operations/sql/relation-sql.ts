import type { Model, RelationField } from '../../datamodel/model.ts'
import { isPlain } from '../../policy/policy-fault.ts'
import type { Where } from '../client.ts'
import { joinTable } from '../join-table.ts'
import { scalarField } from '../key.ts'
import { quoteIdentifier } from '../sql-name.ts'
import { joined } from './join-conditions.ts'
import type { SqlContext } from './sql-context.ts'
import { negated, type Surroundings } from './surroundings.ts'
import { unknownOperator } from './unknown-operator.ts'

/** A condition on a row of the model, which has the alias. */
export type Translate = (surroundings: Surroundings, model: Model, where: Where, alias: string) => string

/** A relation of a row: the model is the row's, and so is the alias. */
export interface RelatedTo {
  readonly model: Model
  readonly field: RelationField
  readonly alias: string
  readonly translate: Translate
}

/**
 * Prisma's filter on a relation.
 *
 * @throws Error for quantifiers that Prisma does not have
 */
export function relationSql(surroundings: Surroundings, related: RelatedTo, value: unknown): string {
  const parts = related.field.isList
    ? Object.entries(value as Where).map(([quantifier, where]) =>
        quantifiedSql(surroundings, related, quantifier, where as Where),
      )
    : toOneFilters(value).map(([operator, where]) =>
        operator === 'is'
          ? isSql(surroundings, related, where)
          : `NOT ${isSql(negated(surroundings), related, where)}`,
      )
  return joined(parts, 'AND', 'TRUE')
}

/** A filter on a to-one relation without `is` and `isNot` is that of an `is`; to Prisma an empty one says nothing. */
function toOneFilters(value: unknown): readonly (readonly [operator: string, where: Where | null])[] {
  if (!isPlain(value)) return [['is', value as null]]
  const entries = Object.entries(value) as [string, Where | null][]
  const isExplicit = entries.every(([name]) => name === 'is' || name === 'isNot')
  return isExplicit ? entries : [['is', value]]
}

/**
 * A row of a list counts where the condition is true of it, and for `every` where it is false: how the surroundings take
 * what is undecided does not reach into the list.
 */
function quantifiedSql(
  surroundings: Surroundings,
  related: RelatedTo,
  quantifier: string,
  where: Where,
): string {
  const inner = { ...surroundings, isNegated: quantifier === 'every' }
  const rows = relatedRows(inner.context, related)
  const condition = related.translate(inner, rows.target, where, rows.alias)
  switch (quantifier) {
    case 'some':
      return exists(rows, condition)
    case 'none':
      return `NOT ${exists(rows, condition)}`
    case 'every':
      return `NOT ${exists(rows, `NOT (${condition})`)}`
    default:
      throw unknownOperator(related.field.name, quantifier)
  }
}

/** There is a related row and it matches; null: there is none. */
function isSql(surroundings: Surroundings, related: RelatedTo, where: Where | null): string {
  if (where === null) return isAbsentSql(surroundings, related)
  const rows = relatedRows(surroundings.context, related)
  const condition = related.translate(surroundings, rows.target, where, rows.alias)
  return exists(rows, surroundings.isNegated ? `(${condition}) IS NOT FALSE` : condition)
}

/** To Prisma a row with its own foreign key has no related row only where all of the key's columns are NULL. */
function isAbsentSql(surroundings: Surroundings, related: RelatedTo): string {
  const { model, field, alias } = related
  if (!field.ownsKey) return `NOT ${exists(relatedRows(surroundings.context, related), 'TRUE')}`
  const columns = field.from.map(name => `${columnOf(model, name, alias)} IS NULL`)
  return joined(columns, 'AND', 'TRUE')
}

/** The rows that a relation leads to from a row, for a FROM of their own. */
export interface RelatedRows {
  readonly target: Model
  /** The alias that the related row has. */
  readonly alias: string
  readonly from: string
  /** What makes them related. */
  readonly link: string
}

/** @param related the alias is that of the row which they are related to */
export function relatedRows(
  context: SqlContext,
  { model, field, alias: near }: Pick<RelatedTo, 'model' | 'field' | 'alias'>,
): RelatedRows {
  const target = context.datamodel.model(field.target)
  const alias = context.nextAlias()
  const from = `${context.tableOf(target)} AS ${quoteIdentifier(alias)}`
  const [nearKey = '', farKey = ''] = [field.from[0], field.to[0]]
  if (field.isManyToMany) {
    const { table, nearColumn, farColumn } = joinTable(context.datamodel, model, field)
    const join = quoteIdentifier(context.nextAlias())
    return {
      target,
      alias,
      from: `${table} AS ${join} JOIN ${from} ON ${columnOf(target, farKey, alias)} = ${join}.${farColumn}`,
      link: `${join}.${nearColumn} = ${columnOf(model, nearKey, near)}`,
    }
  }
  const pairs = field.from.map(
    (name, index) => `${columnOf(target, field.to[index] ?? '', alias)} = ${columnOf(model, name, near)}`,
  )
  return { target, alias, from, link: joined(pairs, 'AND', 'TRUE') }
}

function exists({ from, link }: RelatedRows, condition: string): string {
  return `EXISTS (SELECT 1 FROM ${from} WHERE ${joined([link, condition], 'AND', 'TRUE')})`
}

function columnOf(model: Model, name: string, alias: string): string {
  return `${quoteIdentifier(alias)}.${quoteIdentifier(scalarField(model, name).column)}`
}
