import { RefractError } from '../../../errors.ts'
import type { Model } from '../../datamodel/model.ts'
import { allOf, type Where } from '../../policy/logic.ts'
import { delegateOf, type ModelDelegate, type Row } from '../client.ts'
import { keyWhere } from '../key.ts'
import { type Scope, visible } from '../scope.ts'
import { withCondition } from '../where/unique-where.ts'
import { assertReferences } from '../write/assert-references.ts'
import {
  authorizeDelete,
  authorizeUpdate,
  type CheckAfter,
  checkCreated,
  type NamedRow,
} from '../write/authorize.ts'
import { keyRowsWhere } from '../write/key-values.ts'
import { createDraft, linkSelect, type RowDraft } from '../write/row-draft.ts'
import { WriteFailure } from '../write/write-error.ts'
import { guardSelection, withKey, withWhere } from './guard-selection.ts'

type Arguments = Readonly<Record<string, unknown>>
type Call = (args?: Arguments) => Promise<unknown>

/** All methods of a delegate of Prisma that read or write rows. */
type Delegate = ModelDelegate & Readonly<Record<string, Call>>

const reads = ['findUnique', 'findUniqueOrThrow', 'findFirst', 'findFirstOrThrow', 'findMany'] as const
const summaries = ['count', 'aggregate', 'groupBy'] as const

/** A model's delegate that keeps to the policy: see `createGuardedClient`. */
export function createGuardedDelegate(scope: Scope, model: Model): Readonly<Record<string, unknown>> {
  const delegate = delegateOf(scope.database, model) as Delegate
  return {
    fields: delegate.fields,
    ...Object.fromEntries(reads.map(name => [name, (args = {}) => read(scope, model, name, args)])),
    ...Object.fromEntries(
      summaries.map(name => [name, (args = {}) => delegate[name](withWhere(scope, model, args))]),
    ),
    ...writesOf(scope, model),
  }
}

async function read(
  scope: Scope,
  model: Model,
  name: (typeof reads)[number],
  given: Arguments,
): Promise<unknown> {
  const delegate = delegateOf(scope.database, model) as Delegate
  const { args, finish } = guardSelection(scope, model, given)
  const isUnique = name === 'findUnique' || name === 'findUniqueOrThrow'
  const where = isUnique
    ? withCondition((args.where ?? {}) as Where, visible(scope, model))
    : visible(scope, model, (args.where ?? {}) as Where)
  const result = await delegate[name]?.({ ...args, where })
  await finish(result)
  return result
}

function writesOf(scope: Scope, model: Model): Readonly<Record<string, Call>> {
  const writes: Readonly<Record<string, (inner: Scope, args: Arguments) => Promise<unknown>>> = {
    create: (inner, args) => create(inner, model, args),
    createMany: async (inner, args) => ({ count: (await createMany(inner, model, args)).length }),
    createManyAndReturn: (inner, args) => createMany(inner, model, args),
    update: (inner, args) => update(inner, model, args),
    updateMany: async (inner, args) => ({ count: (await updateMany(inner, model, args)).length }),
    updateManyAndReturn: (inner, args) => updateManyAndReturn(inner, model, args),
    upsert: (inner, args) => upsert(inner, model, args),
    delete: (inner, args) => remove(inner, model, args),
    deleteMany: async (inner, args) => ({ count: await removeMany(inner, model, args) }),
  }
  return Object.fromEntries(
    Object.entries(writes).map(([name, write]) => [
      name,
      (args = {}) => {
        assertPlain(model, args.data, args.create, args.update)
        return inTransaction(scope, inner => write(inner, args)).catch(forbid)
      },
    ]),
  )
}

/** Custom code hears of a refusal as of any other error for the client; of a row that is not there as a mutation does. */
function forbid(error: unknown): never {
  const isForbidden =
    error instanceof WriteFailure && error.errors.every(({ type }) => type === 'ForbiddenError')
  throw isForbidden ? new RefractError('FORBIDDEN', error.message) : error
}

/** A check comes after the write: where it fails, the write is taken back. */
function inTransaction<Result>(scope: Scope, work: (inner: Scope) => Promise<Result>): Promise<Result> {
  const { database } = scope
  // a client of a transaction cannot begin another one: what fails ends the whole of it
  if (!('$transaction' in database)) return work(scope)
  return database.$transaction(transaction => work({ ...scope, database: transaction }))
}

function assertPlain(model: Model, ...inputs: readonly unknown[]): void {
  for (const input of inputs.flat()) {
    const relation = model.relations.find(
      ({ name }) => (input as Arguments | undefined)?.[name] !== undefined,
    )
    if (!relation) continue
    throw new Error(
      `Under policies rows are written one by one: expected the columns of ${model.name}; the relation ${relation.name} came. Use \`refract.database\` where the policies are not to be asked.`,
    )
  }
}

async function create(scope: Scope, model: Model, given: Arguments): Promise<unknown> {
  const { args, finish } = guardSelection(scope, model, withKey(model, given))
  await assertReferences(scope, [draftOf(model, args.data)])
  const row = await delegateOf(scope.database, model).create(args)
  await checkCreated(scope, model, [{ ...named(row), fields: [] }])
  await finish(row)
  return row
}

async function createMany(scope: Scope, model: Model, given: Arguments): Promise<readonly Row[]> {
  const { args, finish } = guardSelection(scope, model, withKey(model, given))
  await assertReferences(
    scope,
    [args.data].flat().map(data => draftOf(model, data)),
  )
  const rows = await delegateOf(scope.database, model).createManyAndReturn(args)
  await checkCreated(
    scope,
    model,
    rows.map(row => ({ ...named(row), fields: [] })),
  )
  await finish(rows)
  return rows
}

async function update(scope: Scope, model: Model, given: Arguments): Promise<unknown> {
  const { args, finish } = guardSelection(scope, model, withKey(model, given))
  const current = await locate(scope, model, args)
  const checkAfter = await authorizeChange(scope, model, [current], args.data)
  const row = await delegateOf(scope.database, model).update({ ...args, where: keyWhere(model, current) })
  await checkAfter([named(row)])
  await finish(row)
  return row
}

/** Returns the keys that the rows have now. */
async function updateMany(scope: Scope, model: Model, args: Arguments): Promise<readonly Row[]> {
  const rows = await locateMany(scope, model, args)
  const checkAfter = await authorizeChange(scope, model, rows, args.data)
  const data = (args.data ?? {}) as Arguments
  await delegateOf(scope.database, model).updateMany({ where: keyRowsWhere(model, rows), data })
  const changed = rows.map(row => ({ ...row, ...valuesOf(data) }))
  await checkAfter(changed.map(named))
  return changed
}

async function updateManyAndReturn(scope: Scope, model: Model, given: Arguments): Promise<unknown> {
  const { limit: _, data: __, ...args } = withKey(model, given)
  const rows = await updateMany(scope, model, given)
  const { args: guarded, finish } = guardSelection(scope, model, args)
  const found = await delegateOf(scope.database, model).findMany({
    ...guarded,
    where: keyRowsWhere(model, rows),
  })
  await finish(found)
  return found
}

/** Makes sure that rows may be changed, and that what they refer to then exists for the viewer. */
async function authorizeChange(
  scope: Scope,
  model: Model,
  rows: readonly Row[],
  data: unknown,
): Promise<CheckAfter> {
  const draft = draftOf(model, data)
  const checkAfter = await authorizeUpdate(scope, model, rows.map(named), Object.keys(draft.values), [])
  await assertReferences(
    scope,
    rows.map(() => draft),
    rows,
  )
  return checkAfter
}

async function upsert(scope: Scope, model: Model, { create: data, update: change, ...args }: Arguments) {
  const where = withCondition((args.where ?? {}) as Where, visible(scope, model))
  const current = await delegateOf(scope.database, model).findUnique({ where })
  return current
    ? update(scope, model, { ...args, data: change })
    : create(scope, model, { ...without(args), data })
}

function without({ where: _, ...args }: Arguments): Arguments {
  return args
}

async function remove(scope: Scope, model: Model, given: Arguments): Promise<unknown> {
  const { args, finish } = guardSelection(scope, model, given)
  const current = await locate(scope, model, args)
  await authorizeDelete(scope, model, [named(current)])
  const row = await delegateOf(scope.database, model).delete({ ...args, where: keyWhere(model, current) })
  await finish(row)
  return row
}

async function removeMany(scope: Scope, model: Model, args: Arguments): Promise<number> {
  const rows = await locateMany(scope, model, args)
  await authorizeDelete(scope, model, rows.map(named))
  return (await delegateOf(scope.database, model).deleteMany({ where: keyRowsWhere(model, rows) })).count
}

/** The row of a unique `where`; Prisma's own error where there is none that exists for the viewer. */
async function locate(scope: Scope, model: Model, { where = {} }: Arguments): Promise<Row> {
  const delegate = delegateOf(scope.database, model) as Delegate
  const row = await delegate.findUniqueOrThrow?.({
    where: withCondition(where as Where, visible(scope, model)),
    select: linkSelect(model),
  })
  return row as Row
}

function locateMany(scope: Scope, model: Model, { where = {}, limit }: Arguments): Promise<Row[]> {
  return delegateOf(scope.database, model).findMany({
    where: allOf([visible(scope, model), where as Where]),
    select: linkSelect(model),
    ...(limit === undefined ? {} : { take: limit }),
  })
}

/** The columns that a write of custom code sets, as the writers of mutations have them. */
function draftOf(model: Model, data: unknown): RowDraft {
  const values = valuesOf((data ?? {}) as Arguments)
  const fields = Object.keys(values)
  const plan = { model, path: [], values, origins: new Map(), points: [], relations: [], fields, linked: [] }
  return createDraft(plan)
}

/** `{ set: 1 }` is Prisma's other way to say 1. */
function valuesOf(data: Arguments): Arguments {
  return Object.fromEntries(
    Object.entries(data)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => {
        const isSet = typeof value === 'object' && value !== null && 'set' in value
        return [name, isSet ? (value as Arguments).set : value]
      }),
  )
}

function named(row: Row): NamedRow {
  return { row, path: [] }
}
