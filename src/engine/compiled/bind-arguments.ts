import { type ArgumentNode, type FieldNode, getArgumentValues, visit } from 'graphql'
import type { Scope } from '../operations/scope.ts'
import { holdsSearch } from '../operations/where/searches.ts'
import { translateFilter, translateStatic } from '../operations/where/translate-filter.ts'
import { everyRow } from '../policy/logic.ts'
import type { BoundArguments } from './emission.ts'
import type { ReadPlan, SelectedField } from './plan/plan.ts'
import { noOwner, type StatementOwner } from './statement-owner.ts'

type Values = Readonly<Record<string, unknown>>

/** The arguments of those fields of a plan that have some. */
export type BoundFields = ReadonlyMap<SelectedField, BoundArguments>

/**
 * The arguments of all fields of a plan, with the filters of lists translated. A promise only where that takes statements, as
 * a full-text search does.
 *
 * @param owner what these statements belong to. Default: whatever runs here
 * @throws GraphQLError or RefractError for values that are none; or rejects with it
 */
export function bindArguments(
  scope: Scope,
  { withArguments }: ReadPlan,
  variables: Values,
  owner: StatementOwner = noOwner,
): Promise<BoundFields> | BoundFields {
  const bound = new Map<SelectedField, BoundArguments>()
  const searching: (() => Promise<void>)[] = []
  for (const field of withArguments) {
    const values = argumentsOf(field, variables)
    const filter = values.where as Values | null | undefined
    const model = filteredModel(scope, field)
    if (!model || !filter) bound.set(field, { values, where: everyRow })
    else if (holdsSearch(filter))
      searching.push(async () => {
        bound.set(field, { values, where: await translateFilter(scope, model, filter) })
      })
    else bound.set(field, { values, where: translateStatic(scope, model, filter) })
  }
  if (searching.length === 0) return bound
  // after all others: a statement that was begun before one is refused would fail with nobody waiting for it
  return owner.run(() => Promise.all(searching.map(search => search()))).then(() => bound)
}

/** The model whose rows a list field filters; null for other fields. */
function filteredModel({ datamodel }: Scope, { mark }: SelectedField) {
  if (mark.kind === 'list') return mark.model
  return mark.kind === 'toMany' ? datamodel.model(mark.field.target) : null
}

/** A field's arguments, apart by whether they are the same each time. */
interface KnownArguments {
  readonly constants: Values
  /** The definition with those alone that have variables; null where none has. */
  readonly changing: SelectedField['definition'] | null
}

const known = new WeakMap<SelectedField, KnownArguments>()

function argumentsOf(field: SelectedField, variables: Values): Values {
  const [node] = field.nodes
  if (!node) return {}
  const { constants, changing } = known.get(field) ?? splitArguments(field, node)
  if (!changing) return constants
  return { ...constants, ...getArgumentValues(changing, node, variables) }
}

function splitArguments(field: SelectedField, node: FieldNode): KnownArguments {
  const { definition } = field
  const names = new Set((node.arguments ?? []).filter(hasVariable).map(({ name }) => name.value))
  const changing = definition.args.filter(({ name }) => names.has(name))
  const constant = { ...definition, args: definition.args.filter(({ name }) => !names.has(name)) }
  const made = {
    constants: getArgumentValues(constant, node),
    changing: changing.length === 0 ? null : { ...definition, args: changing },
  }
  known.set(field, made)
  return made
}

function hasVariable(node: ArgumentNode): boolean {
  let found = false
  visit(node, {
    Variable: () => {
      found = true
    },
  })
  return found
}
