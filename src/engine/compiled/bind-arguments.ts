import { type ArgumentNode, getArgumentValues, visit } from 'graphql'
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

const constants = new WeakMap<SelectedField, Values>()
const withVariables = new WeakSet<SelectedField>()

/** Arguments without variables are the same each time. */
function argumentsOf(field: SelectedField, variables: Values): Values {
  const known = constants.get(field)
  if (known) return known
  const [node] = field.nodes
  if (!node) return {}
  const values = getArgumentValues(field.definition, node, variables)
  if (withVariables.has(field)) return values
  if ((node.arguments ?? []).some(hasVariable)) withVariables.add(field)
  else constants.set(field, values)
  return values
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
