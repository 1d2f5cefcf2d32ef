/** Why PostgreSQL cannot hold a text as it is, said as what was expected; null where it can. */
export function textFault(text: string): string | null {
  if (text.includes('\u0000')) return 'text without the NUL character'
  if (!text.isWellFormed()) return 'well-formed Unicode; half of a surrogate pair came'
  return null
}
