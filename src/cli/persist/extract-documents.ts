import { gqlPluckFromCodeStringSync } from '@graphql-tools/graphql-tag-pluck'

/** A piece of GraphQL inside of code. */
export interface Extract {
  readonly text: string
  /** Where it begins in the file. */
  readonly line: number
}

/**
 * Returns the GraphQL in TypeScript or JavaScript, as GraphQL Code Generator finds it: what is tagged with `gql` or
 * `graphql`, a template given to a function of that name, or marked by the comment `GraphQL`. Expressions in it are left
 * out: they are fragments, which are found by their names.
 *
 * @throws SyntaxError for code that does not parse
 */
export function extractDocuments(code: string, file: string): readonly Extract[] {
  return gqlPluckFromCodeStringSync(file, code, { skipIndent: true }).map(({ body, locationOffset }) => ({
    text: body,
    line: locationOffset.line,
  }))
}
