/** `@search(title: A, description: B)` in a column's `///` comment: the texts of a tsvector and their weight labels. */
export interface SearchAnnotation {
  /** The comment without the annotation; null where nothing is left. */
  readonly documentation: string | null
  readonly sources: readonly { readonly field: string; readonly weight: string }[]
  /** The text search configuration that the vector is made with (`language: english`); null: the database's default. */
  readonly language: string | null
}

const annotation = /@search\(([^)]*)\)/

export function readSearchAnnotation(documentation: string | null): SearchAnnotation {
  const list = documentation === null ? undefined : annotation.exec(documentation)?.[1]
  if (documentation === null || list === undefined) return { documentation, sources: [], language: null }
  const rest = documentation.replace(annotation, '').trim()
  const entries = list.split(',').map(entry => entry.split(':').map(part => part.trim()))
  const sources = entries.flatMap(([field = '', weight = 'D']) =>
    field === '' || field === 'language' ? [] : [{ field, weight: weight.toUpperCase() }],
  )
  const language = entries.find(([key]) => key === 'language')?.[1] ?? null
  return { documentation: rest === '' ? null : rest, sources, language }
}
