import { readFlagAnnotation } from './flag-annotation.ts'

/** `@hidden` on a line of its own in a `///` comment: the API does not have the model or column, for nobody. */
export function readHiddenAnnotation(documentation: string | null): {
  /** The comment without the annotation; null where nothing is left. */
  readonly documentation: string | null
  readonly isHidden: boolean
} {
  const { isSet, documentation: rest } = readFlagAnnotation(documentation, 'hidden')
  return { documentation: rest, isHidden: isSet }
}
