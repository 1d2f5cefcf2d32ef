import type { Datamodel, Model } from '../datamodel/model.ts'
import { isEveryRow, isNoRow, type Where } from '../policy/logic.ts'
import { PolicyFault } from '../policy/policy-fault.ts'
import type { Viewer } from '../policy/viewer.ts'
import type { ViewerAccess } from '../policy/viewer-access.ts'

/** How many rows a rule allows. `wrong`: the rule threw for this viewer. */
export type Extent = 'all' | 'some' | 'none' | 'wrong'

/** One line of the matrix: what each of the viewers may do. */
export interface MatrixRow {
  /** `Issue`, or `User.email` for a field with rules of its own. */
  readonly subject: string
  readonly operation: string
  readonly extents: readonly Extent[]
}

const operations = ['read', 'create', 'update', 'delete'] as const
const fieldOperations = ['read', 'create', 'update'] as const

/** Models × operations × viewers, and the fields that do not simply go with their row. */
export function createPolicyMatrix(
  datamodel: Datamodel,
  viewers: readonly Viewer[],
  accessOf: (viewer: Viewer) => ViewerAccess,
): readonly MatrixRow[] {
  const accesses = viewers.map(accessOf)
  return datamodel.models.flatMap(model => [
    ...operations.map(operation => ({
      subject: model.name,
      operation,
      extents: accesses.map(access => extentOf(() => access.of(model)[operation])),
    })),
    ...fieldLines(accesses, model),
  ])
}

/** The fields that somebody may less do with than with the row. */
function fieldLines(accesses: readonly ViewerAccess[], model: Model): readonly MatrixRow[] {
  const lines = model.fields.flatMap(({ name }) =>
    fieldOperations.map(operation => {
      const rows = accesses.map(access => extentOf(() => access.of(model).verdict(operation).where))
      const fields = accesses.map(access => extentOf(() => access.of(model).field(name)[operation]))
      // where nothing can be done with the row, nothing can be with the field
      const extents = rows.map((row, index) => (isOut(row) ? row : (fields[index] ?? row)))
      const isOwn = rows.some((row, index) => !isOut(row) && fields[index] !== 'all')
      return { subject: `${model.name}.${name}`, operation, extents, isOwn }
    }),
  )
  return lines.filter(({ isOwn }) => isOwn).map(({ isOwn: _, ...line }) => line)
}

function isOut(extent: Extent): boolean {
  return extent === 'none' || extent === 'wrong'
}

function extentOf(where: () => Where): Extent {
  try {
    const rows = where()
    return isEveryRow(rows) ? 'all' : isNoRow(rows) ? 'none' : 'some'
  } catch (error) {
    // A rule may count on claims that this viewer, made up for the matrix, does not have.
    if (error instanceof PolicyFault || error instanceof TypeError) return 'wrong'
    throw error
  }
}
