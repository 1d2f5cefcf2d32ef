import { RefractError } from '../../../errors.ts'
import type { Model } from '../../datamodel/model.ts'
import { scalarField } from '../key.ts'
import type { Scope } from '../scope.ts'

/**
 * Sums, groups and the like tell what the values of a field are, all of them together: the viewer has to be able to read
 * it in every row.
 *
 * @param names Prisma field names
 * @throws RefractError BAD_USER_INPUT for a field that the viewer may not order by
 */
export function assertAggregable(scope: Scope, model: Model, names: readonly string[]): void {
  const access = scope.access.of(model)
  const hidden = names.find(name => !access.field(name).isOrderable)
  if (hidden === undefined) return
  throw new RefractError(
    'BAD_USER_INPUT',
    `Rows of ${model.typeName} cannot be grouped or aggregated by ${scalarField(model, hidden).graphqlName}.`,
  )
}
