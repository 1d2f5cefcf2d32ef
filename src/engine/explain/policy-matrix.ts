import type { Datamodel, Model } from '../datamodel/model.ts'
import { everyRow, isEveryRow, isNoRow, type Where } from '../policy/logic.ts'
import { PolicyFault } from '../policy/policy-where.ts'
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
  const line = (subject: string, operation: string, where: (access: ViewerAccess) => Where): MatrixRow => ({
    subject,
    operation,
    extents: accesses.map(access => extentOf(() => where(access))),
  })
  return datamodel.models.flatMap(model => [
    ...operations.map(operation => line(model.name, operation, access => access.of(model)[operation])),
    ...fieldLines(model, line),
  ])
}

function fieldLines(
  model: Model,
  line: (subject: string, operation: string, where: (access: ViewerAccess) => Where) => MatrixRow,
): readonly MatrixRow[] {
  return model.fields.flatMap(({ name }) =>
    fieldOperations
      .map(operation =>
        line(`${model.name}.${name}`, operation, access => fieldWhere(access, model, name, operation)),
      )
      .filter(({ extents }) => extents.some(extent => extent !== 'all')),
  )
}

/** Where nothing can be done with the row, a rule of the field would only repeat it. */
function fieldWhere(
  access: ViewerAccess,
  model: Model,
  name: string,
  operation: (typeof fieldOperations)[number],
): Where {
  const modelAccess = access.of(model)
  const extent = extentOf(() => modelAccess.verdict(operation).where)
  return extent === 'none' || extent === 'wrong' ? everyRow : modelAccess.field(name)[operation]
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
