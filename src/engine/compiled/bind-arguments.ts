import { type ArgumentNode, type FieldNode, getArgumentValues, visit } from 'graphql'
import type { Scope } from '../operations/scope.ts'
import { translateFilter } from '../operations/where/translate-filter.ts'
import { everyRow } from '../policy/logic.ts'
import type { BoundArguments } from './emission.ts'
import type { ReadPlan, SelectedField } from './plan/plan.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * The arguments of all fields of a plan, with the filters of lists translated: the one thing that can take a statement of
 * its own, for a full-text search.
 *
 * @throws GraphQLError or RefractError for values that are none
 */
export async function bindArguments(
  scope: Scope,
  { withArguments }: ReadPlan,
  variables: Values,
): Promise<ReadonlyMap<SelectedField, BoundArguments>> {
  // all values first: a promise that was begun before one is refused would fail with nobody waiting for it
  const given = withArguments.map(field => [field, argumentsOf(field, variables)] as const)
  const bound = await Promise.all(
    given.map(async ([field, values]): Promise<[SelectedField, BoundArguments]> => {
      const filter = values.where as Values | null | undefined
      const model = filteredModel(scope, field)
      const where = model && filter ? await translateFilter(scope, model, filter) : everyRow
      return [field, { values, where }]
    }),
  )
  return new Map(bound)
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
