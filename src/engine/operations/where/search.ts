import { RefractError } from '../../../errors.ts'
import { textFault } from '../../../lib/text-fault.ts'
import type { Model, ScalarField, SearchVector } from '../../datamodel/model.ts'
import { allOf, isEveryRow, noRow } from '../../policy/logic.ts'
import type { Row, Where } from '../client.ts'
import { keyFields, selectFields, whereRead } from '../key.ts'
import { readerOf } from '../read/reader.ts'
import { type Scope, visible } from '../scope.ts'
import { fromColumn, toColumn } from '../sql-keys.ts'
import { quoteIdentifier, quoteTable } from '../sql-name.ts'

export interface SearchInput {
  readonly query: string
  readonly fields?: readonly string[] | null
}

/**
 * Full-text search as a Prisma `where`: one statement finds the matching rows' keys through the index, since Prisma
 * has no condition on a tsvector. The query is in the syntax of web search engines: words, "phrases", or, -not. Only
 * fields that the viewer may read in every row are looked at.
 *
 * @throws RefractError BAD_USER_INPUT where more rows match, out of those that exist for the viewer, than
 *   `maximumSearchMatches`
 */
export async function searchCondition(scope: Scope, model: Model, search: SearchInput): Promise<Where> {
  const fault = textFault(search.query)
  if (fault) throw new RefractError('BAD_USER_INPUT', `search.query expects ${fault}.`)
  const conditions = model.searchVectors.flatMap(vector => {
    const found = vectorCondition(scope, model, vector, search.fields ?? [])
    return found === null ? [] : [found]
  })
  if (conditions.length === 0) return noRow
  const condition = `(${conditions.join(' OR ')})`
  const keys = await findMatchingKeys(scope, model, condition, search.query)
  return keys.length === 0 ? noRow : whereKeys(model, keys)
}

async function findMatchingKeys(
  scope: Scope,
  model: Model,
  condition: string,
  query: string,
): Promise<readonly Row[]> {
  const limit = scope.settings.maximumSearchMatches
  const first = await findBatch(scope, model, condition, query, null)
  if (first.length <= limit) return first
  // Whether there are too many must not depend on rows that do not exist for the viewer.
  const keys: Row[] = []
  for (let batch = first; batch.length > 0; ) {
    keys.push(...(await keepVisible(scope, model, batch)))
    if (keys.length > limit) {
      throw new RefractError(
        'BAD_USER_INPUT',
        `The search for ${model.plural} matches more than ${limit} rows: add a word to narrow it.`,
      )
    }
    batch = batch.length > limit ? await findBatch(scope, model, condition, query, batch.at(-1) ?? null) : []
  }
  return keys
}

/** The keys of one row more than a search may match, in their order, from behind a row on. */
async function findBatch(
  scope: Scope,
  model: Model,
  condition: string,
  query: string,
  after: Row | null,
): Promise<readonly Row[]> {
  const fields = keyFields(model)
  const columns = fields.map(field => quoteIdentifier(field.column)).join(', ')
  const values = after ? fields.map(field => toColumn(scope.datamodel, field, after[field.name])) : []
  const places = values.map((_, index) => `$${index + 2}`).join(', ')
  // without a policy there is no second batch that the first would have to be in order for
  const order = isEveryRow(visible(scope, model)) ? '' : ` ORDER BY ${columns}`
  const rows = await readerOf(scope).query(
    `SELECT ${columns} FROM ${quoteTable(model)} WHERE ${condition}${after ? ` AND (${columns}) > (${places})` : ''}` +
      `${order} LIMIT ${scope.settings.maximumSearchMatches + 1}`,
    [query, ...values],
  )
  return rows.map(row =>
    Object.fromEntries(
      fields.map(field => [field.name, fromColumn(scope.datamodel, field, row[field.column])]),
    ),
  )
}

async function keepVisible(scope: Scope, model: Model, keys: readonly Row[]): Promise<readonly Row[]> {
  const condition = visible(scope, model)
  if (isEveryRow(condition)) return keys
  return readerOf(scope)
    .of(model)
    .findMany({
      where: allOf([condition, whereKeys(model, keys)]),
      select: selectFields(keyFields(model).map(field => field.name)),
    })
}

function whereKeys(model: Model, keys: readonly Row[]): Where {
  const names = keyFields(model).map(field => field.name)
  return whereRead(
    model,
    names,
    keys.map(row => names.map(name => row[name])),
  )
}

/**
 * The words of a vector, or of the chosen fields in it. The second condition asks their weights only; the first is the
 * one that the index answers. It sees the words of all fields, so it is left out where one of them is hidden.
 */
function vectorCondition(
  scope: Scope,
  model: Model,
  vector: SearchVector,
  fields: readonly string[],
): string | null {
  const column = quoteIdentifier(vector.field.column)
  const query = vector.language
    ? `websearch_to_tsquery('${vector.language}'::regconfig, $1)`
    : 'websearch_to_tsquery($1)'
  const hidden = hiddenWeights(scope, model, vector)
  if (hidden === 'all') return null
  if (fields.length === 0 && hidden.size === 0) return `${column} @@ ${query}`
  const weights = vector.sources
    .filter(source => fields.length === 0 || fields.includes(source.graphqlName))
    .map(source => source.weight)
    .filter(weight => !hidden.has(weight))
  if (weights.length === 0) return null
  const chosen = `ts_filter(${column}, '{${[...new Set(weights)].join(',')}}'::"char"[]) @@ ${query}`
  return hidden.size > 0 ? chosen : `(${column} @@ ${query} AND ${chosen})`
}

/** The weights that stand for a field which the viewer may not search; `all` where it is not known which do. */
function hiddenWeights(scope: Scope, model: Model, vector: SearchVector): ReadonlySet<string> | 'all' {
  const isHidden = (field: ScalarField) => !isSearchable(scope, model, field)
  if (vector.sources.length === 0) return model.scalars.some(isHidden) ? 'all' : new Set()
  const hidden = vector.sources.filter(source =>
    model.scalars.some(field => field.graphqlName === source.graphqlName && isHidden(field)),
  )
  return new Set(hidden.map(source => source.weight))
}

function isSearchable(scope: Scope, model: Model, field: ScalarField): boolean {
  const access = scope.access.of(model).field(field.name)
  return access.isFilterable && isEveryRow(access.read)
}
