import type { Model } from '../../datamodel/model.ts'
import { keyCondition, toUniqueWhere, uniqueValues } from '../where/unique-where.ts'
import { valueFault } from './check-value.ts'
import type { Input, Planning } from './planning.ts'
import type { TargetPlan } from './row-plan.ts'
import type { InputPath } from './write-error.ts'

/** The unique input of GraphQL to a row named by its key. */
export function planUnique(planning: Planning, model: Model, input: Input, path: InputPath): TargetPlan {
  const given = uniqueValues(model, input)
  for (const [field, value] of given.values) {
    const fault = value === null || value === undefined ? 'expected a value' : valueFault(field, value)
    if (fault !== null) planning.refuse([...path, field.graphqlName], `${field.graphqlName}: ${fault}.`)
  }
  return { path, where: toUniqueWhere(given), condition: keyCondition(planning.access, model, given.key) }
}
