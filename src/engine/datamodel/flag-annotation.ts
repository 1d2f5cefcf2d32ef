/**
 * Reads an annotation without arguments, such as `@hidden`, which stands on a line of its own in a `///` comment:
 * the comment without that line (null where nothing is left), and whether it was there.
 */
export function readFlagAnnotation(
  documentation: string | null,
  name: string,
): { readonly documentation: string | null; readonly isSet: boolean } {
  const annotation = new RegExp(`^[ \\t]*@${name}[ \\t]*$`, 'm')
  if (documentation === null || !annotation.test(documentation)) return { documentation, isSet: false }
  const rest = documentation.replace(annotation, '').trim()
  return { documentation: rest === '' ? null : rest, isSet: true }
}
