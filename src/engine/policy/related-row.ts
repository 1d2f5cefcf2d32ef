import type { RelationField } from '../datamodel/model.ts'
import { noRow, type Where } from './logic.ts'

/**
 * The rows without a related row in a to-one relation. Of a key of several columns one can be null and another not, which
 * Prisma's `is: null` takes for a related row.
 */
export function withoutRelated(field: RelationField): Where {
  if (field.isRequired) return noRow
  const isCompound = field.ownsKey && field.from.length > 1
  return isCompound ? { NOT: [{ [field.name]: { is: {} } }] } : { [field.name]: { is: null } }
}
