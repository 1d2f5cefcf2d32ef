import { isText } from '../../datamodel/column-kind.ts'
import type { Model, ScalarField } from '../../datamodel/model.ts'
import { isNoRow } from '../../policy/logic.ts'
import type { Row, Where } from '../client.ts'
import type { Scope } from '../scope.ts'
import { assertAggregable } from './assert-aggregable.ts'
import { readerOf } from './reader.ts'

export type AggregateFunction = 'sum' | 'avg' | 'min' | 'max'
export const aggregateFunctions: readonly AggregateFunction[] = ['sum', 'avg', 'min', 'max']

/** Which aggregates are wanted: the count always is; the others by function and Prisma field name. */
export type AggregateWish = Readonly<Partial<Record<AggregateFunction, readonly string[]>>>

/** What they came to; `sum` of no rows is null, as in SQL. */
export interface AggregateResult {
  readonly count: number
  readonly sum: Row
  readonly avg: Row
  readonly min: Row
  readonly max: Row
}

/** The fields that a function can be applied to. */
export function isAggregable(field: ScalarField, by: AggregateFunction): boolean {
  if (field.isList) return false
  const isNumber = ['Int', 'BigInt', 'Float', 'Decimal'].includes(field.scalar ?? '')
  const native = field.nativeType?.name
  if (by === 'sum') return isNumber && native !== 'Oid'
  if (by === 'avg') return isNumber && native !== 'Oid' && native !== 'Money'
  // PostgreSQL has min and max for numbers, texts and moments; for uuid only from version 18 on
  return isNumber || field.scalar === 'DateTime' || isText(field)
}

/** The fields that a wish names, by Prisma field name. */
export function wishedFields(wish: AggregateWish): readonly string[] {
  return aggregateFunctions.flatMap(name => wish[name] ?? [])
}

/** Prisma's arguments for a wish: `_count`, `_sum`, … */
export function toPrismaAggregates(wish: AggregateWish): Readonly<Record<string, unknown>> {
  const functions = aggregateFunctions.flatMap(name => {
    const fields = wish[name] ?? []
    return fields.length === 0 ? [] : [[`_${name}`, Object.fromEntries(fields.map(field => [field, true]))]]
  })
  return { _count: { _all: true }, ...Object.fromEntries(functions) }
}

export function readAggregates(row: Row): AggregateResult {
  const part = (name: string) => (row[`_${name}`] as Row | undefined) ?? {}
  return {
    count: (part('count')._all as number | undefined) ?? 0,
    sum: part('sum'),
    avg: part('avg'),
    min: part('min'),
    max: part('max'),
  }
}

export const noAggregates: AggregateResult = Object.freeze({ count: 0, sum: {}, avg: {}, min: {}, max: {} })

/** The aggregates over all rows of a model that match: one statement, or none where no row can match. */
export async function findAggregates(
  scope: Scope,
  model: Model,
  where: Where,
  wish: AggregateWish,
): Promise<AggregateResult> {
  assertAggregable(scope, model, wishedFields(wish))
  if (isNoRow(where)) return noAggregates
  return readAggregates(
    await readerOf(scope)
      .of(model)
      .aggregate({ where, ...toPrismaAggregates(wish) }),
  )
}
