import type { Model } from '../../datamodel/model.ts'
import { allOf, isEveryRow, isNoRow } from '../../policy/logic.ts'
import type { Row, Where } from '../client.ts'
import { keyFields, keyText, selectFields, whereRead } from '../key.ts'
import type { Scope } from '../scope.ts'
import { readerOf } from './reader.ts'

/** For each row, which was read with its key, whether it meets a condition: one statement, or none where it is plain. */
export async function findMatching(
  scope: Scope,
  model: Model,
  condition: Where,
  rows: readonly Row[],
): Promise<readonly boolean[]> {
  if (isEveryRow(condition) || isNoRow(condition)) return rows.map(() => isEveryRow(condition))
  const names = keyFields(model).map(field => field.name)
  const keys = whereRead(
    model,
    names,
    rows.map(row => names.map(name => row[name])),
  )
  const found = await readerOf(scope)
    .of(model)
    .findMany({ where: allOf([keys, condition]), select: selectFields(names) })
  const texts = new Set(found.map(row => keyText(model, names, row)))
  return rows.map(row => texts.has(keyText(model, names, row)))
}
