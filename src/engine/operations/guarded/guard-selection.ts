import type { Model, RelationField } from '../../datamodel/model.ts'
import { isEveryRow, type Where } from '../../policy/logic.ts'
import type { Row } from '../client.ts'
import { keyFields, selectFields } from '../key.ts'
import { findMatching } from '../read/find-matching.ts'
import { type Scope, visible } from '../scope.ts'

type Arguments = Readonly<Record<string, unknown>>

/** A to-one relation of a selection whose rows may be hidden, with the way to it. */
interface HiddenRelation {
  readonly path: readonly string[]
  readonly target: Model
}

/** The arguments of a read that keep to the policy, and what is left to be done with what it gives. */
export interface GuardedArguments {
  readonly args: Arguments
  /** Makes null of the to-one relations that do not exist for the viewer. */
  finish(result: unknown): Promise<void>
}

/**
 * Narrows the `select` or `include` of Prisma's arguments down to related rows that exist for the viewer. Prisma filters
 * lists and counts; it cannot filter a to-one relation, so those are looked at afterwards: one statement for each.
 */
export function guardSelection(scope: Scope, model: Model, args: Arguments): GuardedArguments {
  const hidden: HiddenRelation[] = []
  const guarded = narrow(scope, model, args, [], hidden)
  return {
    args: guarded,
    finish: async result => {
      for (const relation of hidden) await hideRows(scope, relation, result)
    },
  }
}

function narrow(
  scope: Scope,
  model: Model,
  args: Arguments,
  path: readonly string[],
  hidden: HiddenRelation[],
): Arguments {
  const name = args.select ? 'select' : args.include ? 'include' : null
  if (name === null) return args
  const entries = Object.entries(args[name] as Arguments).map(([fieldName, value]) => {
    if (fieldName === '_count') return [fieldName, narrowCounts(scope, model, value)]
    const field = model.relations.find(relation => relation.name === fieldName)
    if (!field || !value) return [fieldName, value]
    return [fieldName, narrowRelation(scope, field, value === true ? {} : (value as Arguments), path, hidden)]
  })
  return { ...args, [name]: Object.fromEntries(entries) }
}

function narrowRelation(
  scope: Scope,
  field: RelationField,
  args: Arguments,
  path: readonly string[],
  hidden: HiddenRelation[],
): Arguments {
  const target = scope.access.datamodel.model(field.target)
  const way = [...path, field.name]
  if (field.isList) return narrow(scope, target, withWhere(scope, target, args), way, hidden)
  if (isEveryRow(visible(scope, target))) return narrow(scope, target, args, way, hidden)
  hidden.push({ path: way, target })
  return narrow(scope, target, withKey(target, args), way, hidden)
}

/** The rows of a list that exist for the viewer. */
export function withWhere(scope: Scope, model: Model, args: Arguments): Arguments {
  const where = visible(scope, model, (args.where ?? {}) as Where)
  return isEveryRow(where) ? args : { ...args, where }
}

/** A selection that leaves the key out gets it as well: without it the row could not be looked at. */
export function withKey(model: Model, { omit, ...args }: Arguments): Arguments {
  const names = keyFields(model).map(field => field.name)
  const rest = Object.entries((omit ?? {}) as Arguments).filter(([name]) => !names.includes(name))
  return {
    ...args,
    ...(omit === undefined ? {} : { omit: Object.fromEntries(rest) }),
    ...(args.select ? { select: { ...(args.select as Arguments), ...selectFields(names) } } : {}),
  }
}

function narrowCounts(scope: Scope, model: Model, value: unknown): unknown {
  const lists = model.relations.filter(relation => relation.isList)
  const asked = value === true ? selectFields(lists.map(({ name }) => name)) : (value as Arguments).select
  const counts = Object.entries((asked ?? {}) as Arguments).map(([name, count]) => {
    const field = lists.find(relation => relation.name === name)
    if (!field || !count) return [name, count]
    const where = (count === true ? {} : ((count as Arguments).where ?? {})) as Where
    const narrowed = visible(scope, scope.access.datamodel.model(field.target), where)
    return [name, isEveryRow(narrowed) ? true : { where: narrowed }]
  })
  return { select: Object.fromEntries(counts) }
}

type Holder = Record<string, unknown>

async function hideRows(scope: Scope, { path, target }: HiddenRelation, result: unknown): Promise<void> {
  const holders = holdersOf([result], path.slice(0, -1)).filter(holder => holder[path.at(-1) ?? ''])
  const name = path.at(-1) ?? ''
  const rows = holders.map(holder => holder[name] as Row)
  if (rows.length === 0) return
  const exist = await findMatching(scope, target, visible(scope, target), rows)
  for (const [index, holder] of holders.entries()) if (!exist[index]) holder[name] = null
}

/** The objects at the end of a way through objects and lists. */
function holdersOf(values: readonly unknown[], path: readonly string[]): readonly Holder[] {
  const objects = values.flat().filter(value => typeof value === 'object' && value !== null) as Holder[]
  const [name, ...rest] = path
  return name === undefined
    ? objects
    : holdersOf(
        objects.map(object => object[name]),
        rest,
      )
}
