import { isNoRow } from '../../policy/logic.ts'
import type { Row } from '../client.ts'
import { keyFields, keyText, whereRead } from '../key.ts'
import type { Scope } from '../scope.ts'
import {
  alongOf,
  isReadByKeys,
  type ListRead,
  type PageResult,
  toPage,
  toPageResult,
  toPrismaArguments,
} from './list-query.ts'
import { findPageKeys } from './page-keys.ts'
import { readerOf } from './reader.ts'

/**
 * One page of a model's rows: one statement; two where a cursor stands in an order by a relation's count, since then
 * its keys are read first.
 */
export async function findList(scope: Scope, read: ListRead): Promise<PageResult> {
  if (isNoRow(read.where)) return { rows: [], hasNextPage: false, hasPreviousPage: false }
  if (isReadByKeys(read)) return findListByKeys(scope, read)
  return toPageResult(scope, read, await findRows(scope, read))
}

function findRows(scope: Scope, read: ListRead): Promise<Row[]> {
  return readerOf(scope)
    .of(read.model)
    .findMany({
      ...toPrismaArguments(scope, read),
      relationLoadStrategy: alongOf(scope, read).strategy,
    })
}

async function findListByKeys(scope: Scope, read: ListRead): Promise<PageResult> {
  const names = keyFields(read.model).map(field => field.name)
  const keys = toPage(read, await findPageKeys(scope, read))
  if (keys.rows.length === 0) return keys
  const along = alongOf(scope, read)
  const found = await readerOf(scope)
    .of(read.model)
    .findMany({
      where: whereRead(
        read.model,
        names,
        keys.rows.map(row => names.map(name => row[name])),
      ),
      select: along.select,
      relationLoadStrategy: along.strategy,
    })
  along.finish(found)
  const byKey = new Map(found.map(row => [keyText(read.model, names, row), row]))
  const rows = keys.rows
    .map(row => byKey.get(keyText(read.model, names, row)))
    .filter(row => row !== undefined)
  return { ...keys, rows }
}
