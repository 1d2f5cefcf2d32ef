import type { Row, Select } from '../../operations/client.ts'
import type { Scope } from '../../operations/scope.ts'
import type { WriteOutcome } from '../../operations/transaction.ts'
import { createMany } from '../../operations/write/create-many.ts'
import { createOne } from '../../operations/write/create-one.ts'
import { type DeleteManyInput, deleteMany } from '../../operations/write/delete-many.ts'
import { type DeleteOneInput, deleteOne } from '../../operations/write/delete-one.ts'
import type { Input } from '../../operations/write/planning.ts'
import { type UpdateManyInput, updateMany } from '../../operations/write/update-many.ts'
import { type UpdateOneInput, updateOne } from '../../operations/write/update-one.ts'
import { type UpsertOneInput, upsertOne } from '../../operations/write/upsert-one.ts'
import type { BoundFields } from '../bind-arguments.ts'
import { NotCompilable } from '../emission.ts'
import type { SelectedField, Selection } from '../plan/plan.ts'
import type { ReadMark } from '../read-mark.ts'
import { InputRefused } from '../write-refused.ts'
import { type AnswerRequest, answerOf, asking, isAsBeforeDelete } from './answer-request.ts'

type WriteMark = Extract<ReadMark, { readonly kind: 'write' }>

/** What a mutation has written; null for a row that does not exist for the caller. */
interface Written {
  readonly rows: readonly (Row | null)[]
  readonly count: number
}

/**
 * Runs a field of the mutation root and returns its answer as JSON text.
 *
 * @param scope with the client of `createSqlClient`
 * @throws NotCompilable, InputRefused or StatementRefused where it has to be done the ordinary way, with nothing written
 */
export async function runWrite(scope: Scope, field: SelectedField, bound: BoundFields): Promise<string> {
  const { mark } = field
  if (mark.kind !== 'write') throw new NotCompilable(`${field.definition.name} is run by its resolver.`)
  const answer = answerRequest(field, bound)
  const isDelete = mark.verb === 'delete' || mark.verb === 'deleteMany'
  if (isDelete && answer && !isAsBeforeDelete(answer, scope))
    throw new NotCompilable('The answer shows what the delete has left.')
  const values = bound.get(field)?.values ?? {}
  return print(field, await write(scope, mark, values, answer && asking(answer)))
}

function answerRequest({ selection }: SelectedField, bound: BoundFields): AnswerRequest | undefined {
  const fields = selection.filter(
    (item): item is SelectedField => item.mark?.kind === 'writtenRow' || item.mark?.kind === 'writtenRows',
  )
  const [field, ...others] = fields
  if (others.length > 0) throw new NotCompilable('The rows are asked for more than once.')
  return field && { field, bound }
}

async function write(
  scope: Scope,
  { verb, model }: WriteMark,
  values: Readonly<Record<string, unknown>>,
  select: Select | undefined,
): Promise<Written> {
  const input = values as unknown
  switch (verb) {
    case 'create':
      return one(await createOne(scope, model, values.data as Input, select))
    case 'update':
      return one(await updateOne(scope, model, input as UpdateOneInput, select))
    case 'upsert':
      return one(await upsertOne(scope, model, input as UpsertOneInput, select))
    case 'delete':
      return one(await deleteOne(scope, model, input as DeleteOneInput, select))
    case 'createMany':
      return done(await createMany(scope, model, values.data as readonly Input[], select))
    case 'updateMany':
      return done(await updateMany(scope, model, input as UpdateManyInput, select))
    case 'deleteMany':
      return done(await deleteMany(scope, model, input as DeleteManyInput, select))
  }
}

function one(outcome: WriteOutcome<Row | null>): Written {
  return { rows: [done(outcome)], count: 1 }
}

function done<Result>(outcome: WriteOutcome<Result>): Result {
  if (!outcome.ok) throw new InputRefused('The input has to be mended.')
  return outcome.result
}

function print({ selection }: SelectedField, written: Written): string {
  const entries = selection.map(item => `"${item.responseName}":${printItem(item, written)}`)
  return `{${entries.join(',')}}`
}

function printItem(item: Selection[number], { rows, count }: Written): string {
  switch (item.mark?.kind) {
    case undefined:
      return JSON.stringify(item.mark === null ? item.typeName : null)
    case 'writtenRow':
      return printRow(rows[0] ?? null)
    case 'writtenRows':
      return `[${rows.map(printRow).join(',')}]`
    case 'writtenCount':
      return String(count)
    case 'writeErrors':
      return '[]'
    default:
      throw new NotCompilable(`${item.responseName} is made by its resolver.`)
  }
}

function printRow(row: Row | null): string {
  return row === null ? 'null' : answerOf(row)
}
