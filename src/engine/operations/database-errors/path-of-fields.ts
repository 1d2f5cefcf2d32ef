import type { InputPath } from '../write/write-error.ts'
import type { WriteLocation } from './located-error.ts'
import type { ColumnField } from './refusal.ts'

/**
 * Where the input says something about the fields: the value itself where it is one, what its row has in common where
 * there are several, the row where it is none.
 */
export function pathOfFields(location: WriteLocation, fields: readonly ColumnField[]): InputPath {
  const paths = fields.flatMap(field => {
    const path = location.origins.get(field.name)
    return path && path !== location.path ? [path] : []
  })
  const [first, ...rest] = new Map(paths.map(path => [JSON.stringify(path), path])).values()
  if (!first) return location.path
  return rest.length === 0 ? first : location.path
}
