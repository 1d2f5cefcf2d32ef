import type { Model } from '../../datamodel/model.ts'
import { isNoRow } from '../../policy/logic.ts'
import type { Row, Select, Where } from '../client.ts'
import { keyText, selectFields, whereRead } from '../key.ts'
import { type Scope, visible } from '../scope.ts'
import { readAlong } from './read-along.ts'
import { readerOf } from './reader.ts'

/**
 * The row for each key (the values of `names`) that exists for the viewer, else null, in the order of the keys: one
 * statement.
 */
export async function findByKeys(
  scope: Scope,
  model: Model,
  names: readonly string[],
  keys: readonly Row[],
  select: Select,
): Promise<readonly (Row | null)[]> {
  const found = whereRead(
    model,
    names,
    keys.map(key => names.map(name => key[name])),
  )
  const where = visible(scope, model, found)
  if (isNoRow(where)) return keys.map(() => null)
  const along = readAlong(scope, model, { ...select, ...selectFields(names) })
  const rows = await readerOf(scope).of(model).findMany({
    where,
    select: along.select,
    relationLoadStrategy: along.strategy,
  })
  along.finish(rows)
  const byKey = new Map(rows.map(row => [keyText(model, names, row), row]))
  return keys.map(key => byKey.get(keyText(model, names, key)) ?? null)
}

/** The row of a unique `where`, whose conditions say as well that it exists for the viewer, or null: one statement. */
export async function findUnique(
  scope: Scope,
  model: Model,
  where: Where,
  select: Select,
): Promise<Row | null> {
  const key = selectFields((model.uniqueKeys[0]?.fields ?? []) as string[])
  const along = readAlong(scope, model, { ...key, ...select })
  const row = await readerOf(scope)
    .of(model)
    .findUnique({ where, select: along.select, relationLoadStrategy: along.strategy })
  if (row) along.finish([row])
  return row
}
