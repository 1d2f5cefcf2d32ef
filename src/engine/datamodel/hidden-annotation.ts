const annotation = /^[ \t]*@hidden[ \t]*$/m

/** `@hidden` on a line of its own in a `///` comment: the API does not have the model or column, for nobody. */
export function readHiddenAnnotation(documentation: string | null): {
  /** The comment without the annotation; null where nothing is left. */
  readonly documentation: string | null
  readonly isHidden: boolean
} {
  if (documentation === null || !annotation.test(documentation)) return { documentation, isHidden: false }
  const rest = documentation.replace(annotation, '').trim()
  return { documentation: rest === '' ? null : rest, isHidden: true }
}
