import { RefractError } from '../../../errors.ts'
import { textFault } from '../../../lib/text-fault.ts'
import type { Model, SearchVector } from '../../datamodel/model.ts'
import type { Where } from '../client.ts'
import { keyFields, whereRead } from '../key.ts'
import { readerOf } from '../read/reader.ts'
import type { Scope } from '../scope.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'
import { noRow } from './logic.ts'

export interface SearchInput {
  readonly query: string
  readonly fields?: readonly string[] | null
}

/**
 * Full-text search as a Prisma `where`: one statement finds the matching rows' keys through the index, since Prisma
 * has no condition on a tsvector. The query is in the syntax of web search engines: words, "phrases", or, -not.
 *
 * @throws RefractError BAD_USER_INPUT where more rows match than `maximumSearchMatches`
 */
export async function searchCondition(scope: Scope, model: Model, search: SearchInput): Promise<Where> {
  const fault = textFault(search.query)
  if (fault) throw new RefractError('BAD_USER_INPUT', `search.query expects ${fault}.`)
  const fields = keyFields(model)
  const columns = fields.map(field => quoteIdentifier(field.column)).join(', ')
  const limit = scope.settings.maximumSearchMatches
  const matches = model.searchVectors
    .map(vector => vectorCondition(vector, search.fields ?? []))
    .filter(Boolean)
  if (matches.length === 0) return noRow
  const rows = await readerOf(scope).query(
    `SELECT ${columns} FROM ${quoteTable(model)} WHERE ${matches.join(' OR ')} LIMIT ${limit + 1}`,
    [search.query],
  )
  if (rows.length > limit) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `The search for ${model.plural} matches more than ${limit} rows: add a word to narrow it.`,
    )
  }
  if (rows.length === 0) return noRow
  return whereRead(
    model,
    fields.map(field => field.name),
    rows.map(row => fields.map(field => row[field.column])),
  )
}

/** The second condition asks the chosen weights only; the first is the one that the index answers. */
function vectorCondition(vector: SearchVector, fields: readonly string[]): string | null {
  const column = quoteIdentifier(vector.field.column)
  const query = vector.language
    ? `websearch_to_tsquery('${vector.language}'::regconfig, $1)`
    : 'websearch_to_tsquery($1)'
  if (fields.length === 0) return `${column} @@ ${query}`
  const weights = vector.sources
    .filter(source => fields.includes(source.graphqlName))
    .map(source => source.weight)
  if (weights.length === 0) return null
  return `(${column} @@ ${query} AND ts_filter(${column}, '{${weights.join(',')}}'::"char"[]) @@ ${query})`
}
