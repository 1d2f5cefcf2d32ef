import type { Model } from '../../datamodel/model.ts'
import type { Row, Select } from '../client.ts'
import { afterLookUp } from '../database-errors/located-error.ts'
import type { Scope } from '../scope.ts'
import { runPlanned, type WriteOutcome } from '../transaction.ts'
import { createPlanned } from './create-one.ts'
import { planCreate, planUpdate } from './plan-row.ts'
import { planUnique } from './plan-unique.ts'
import type { Input } from './planning.ts'
import { readTarget, rowSelect } from './read-row.ts'
import { linkSelect } from './row-draft.ts'
import { updateFound } from './update-one.ts'

export interface UpsertOneInput {
  /** The unique input of GraphQL. */
  readonly where: Input
  readonly create: Input
  readonly update: Input
}

/**
 * Changes the row of a unique key, or creates one where there is none: `upsertIssue`. Of two that create the same key
 * at once, the slower one changes the other's row.
 */
export function upsertOne(
  scope: Scope,
  model: Model,
  { where, create, update }: UpsertOneInput,
  select: Select | undefined,
): Promise<WriteOutcome<Row | null>> {
  const columns = rowSelect(model, select)
  return runPlanned(
    scope,
    model,
    planning => ({
      target: planUnique(planning, model, where, ['where']),
      create: planCreate(planning, model, create, ['create']),
      update: planUpdate(planning, model, update, ['update']),
    }),
    async (inner, plan) => {
      const current = await readTarget(inner, model, plan.target, linkSelect(model))
      return current
        ? updateFound(inner, current, plan.update, columns)
        : afterLookUp(() => createPlanned(inner, plan.create, columns))
    },
  )
}
