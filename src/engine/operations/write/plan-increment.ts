import type { Model, ScalarField } from '../../datamodel/model.ts'
import { exactFloat } from '../exact-float.ts'
import { valueFault } from './check-value.ts'
import { canGive } from './plan-row.ts'
import type { Input, Planning } from './planning.ts'
import type { RowPlan } from './row-plan.ts'

const numbers: ReadonlySet<string | null> = new Set(['Int', 'BigInt', 'Float', 'Decimal'])

/** The fields that can be added to: numbers that are no key. */
export function incrementFields(model: Model): readonly ScalarField[] {
  return model.scalars.filter(
    field =>
      numbers.has(field.scalar) && !field.isList && !field.isId && !field.isForeignKey && !field.isUnique,
  )
}

/** The plan with the amounts of `increment` (by GraphQL name) added to its columns. */
export function planIncrement(
  planning: Planning,
  plan: RowPlan,
  increment: Input | null | undefined,
): RowPlan {
  const values: Record<string, unknown> = { ...plan.values }
  const origins = new Map(plan.origins)
  const fields = [...plan.fields]
  for (const field of incrementFields(plan.model)) {
    const amount = increment?.[field.graphqlName]
    if (amount === undefined || amount === null) continue
    const path = ['increment', field.graphqlName]
    fields.push(field.name)
    if (!canGive(planning.access, plan.model, field, 'update')) {
      planning.refuse(path, `${field.graphqlName}: expected no amount, since it is not yours to change.`)
    }
    const fault = valueFault(field, amount)
    if (fault !== null) planning.refuse(path, `${field.graphqlName}: ${fault}.`)
    if (origins.has(field.name)) {
      planning.refuse(path, `Expected ${field.graphqlName} either in data or in increment; both came.`)
    }
    values[field.name] = { increment: field.scalar === 'Float' ? exactFloat(amount, false) : amount }
    origins.set(field.name, path)
  }
  return { ...plan, values, origins, fields }
}
