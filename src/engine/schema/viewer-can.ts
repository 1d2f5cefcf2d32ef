import type { ObjectRef } from '@pothos/core'
import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { isEveryRow, isNoRow } from '../policy/logic.ts'
import { type EngineTypes, objectType, type SchemaBuild } from './builder.ts'
import { meets } from './readable.ts'

interface RowOfModel {
  readonly model: Model
  readonly row: Row
}

/** The name of the field that says what the viewer may do with a row. */
export const viewerCanField = 'viewerCan'

/** `ViewerCan`: what the viewer may do with a row, as the policy would decide now. */
export function viewerCanRef(build: SchemaBuild): ObjectRef<EngineTypes, RowOfModel> {
  return objectType<RowOfModel>(build, build.names.shared('ViewerCan'), {
    description: 'What you may do with the row: the mutations would be let through at this moment.',
    fields: t =>
      Object.fromEntries(
        (['update', 'delete'] as const).map(operation => [
          operation,
          t.boolean({
            resolve: ({ model, row }, _, { refract: scope }) => {
              if (!model.isUpdatable) return false
              const condition = scope.access.of(model)[operation]
              if (isEveryRow(condition) || isNoRow(condition)) return isEveryRow(condition)
              return meets(scope, model, operation, condition, row)
            },
          }),
        ]),
      ),
  })
}
