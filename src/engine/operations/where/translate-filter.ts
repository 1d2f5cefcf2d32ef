import { RefractError } from '../../../errors.ts'
import type { Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import { allOf, anyOf, everyRow, isEveryRow, isNoRow, noneOf, noRow } from '../../policy/logic.ts'
import { withoutRelated } from '../../policy/related-row.ts'
import type { Where } from '../client.ts'
import { type Scope, visible } from '../scope.ts'
import { assertFilterDepth, assertFilterSize } from './assert-filter-size.ts'
import { scalarCondition } from './scalar-filter.ts'
import type { SearchInput } from './search.ts'
import { holdsSearch, Searches } from './searches.ts'

type FilterInput = Readonly<Record<string, unknown>>

/**
 * The GraphQL filter of a model (GraphQL names, parsed values) to a Prisma `where`. Null and absent mean every row.
 *
 * What it says of related rows it says of those that exist for the viewer; a condition on a field holds only where the
 * viewer may read the field. The rows of the model itself are not narrowed down to those that exist for the viewer.
 *
 * @throws RefractError BAD_USER_INPUT (by rejection) for what no row could be compared with
 */
export async function translateFilter(
  scope: Scope,
  model: Model,
  filter: FilterInput | null | undefined,
): Promise<Where> {
  if (!filter || !holdsSearch(filter)) return translateStatic(scope, model, filter)
  assertFilterSize(filter)
  const searches = new Searches(scope)
  // all of it is looked at before the first search is sent
  translate({ scope, searches }, model, filter, 0)
  await searches.run()
  return translate({ scope, searches }, model, filter, 0)
}

/** As `translateFilter`, for a filter that holds no search: it takes no statement. */
export function translateStatic(scope: Scope, model: Model, filter: FilterInput | null | undefined): Where {
  if (!filter) return everyRow
  assertFilterSize(filter)
  return translate({ scope, searches: new Searches(scope) }, model, filter, 0)
}

interface Translating {
  readonly scope: Scope
  readonly searches: Searches
}

function translate(translating: Translating, model: Model, filter: FilterInput, depth: number): Where {
  assertFilterDepth(depth)
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  return allOf(given.map(([name, value]) => condition(translating, model, name, value, depth + 1)))
}

function condition(
  translating: Translating,
  model: Model,
  name: string,
  value: unknown,
  depth: number,
): Where {
  if (name === 'AND' || name === 'OR') {
    if (value === null) return everyRow
    const parts = (value as readonly FilterInput[]).map(part => translate(translating, model, part, depth))
    return name === 'AND' ? allOf(parts) : anyOf(parts)
  }
  if (name === 'NOT') {
    return value === null ? everyRow : noneOf(translate(translating, model, value as FilterInput, depth))
  }
  const field = model.fields.find(candidate => candidate.graphqlName === name)
  if (name === 'search' && field?.kind !== 'scalar') {
    return value === null ? everyRow : translating.searches.of(model, value as SearchInput)
  }
  if (!field || field.kind === 'unsupported') throw new Error(`${model.name} has no filter ${name}.`)
  const access = translating.scope.access.of(model).field(field.name)
  if (!access.isFilterable) throw unknownInput(model, name)
  if (value === null) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `The filter ${name} cannot be null: leave it out, or write { equals: null }.`,
    )
  }
  return allOf([access.read, fieldCondition(translating, field, value as FilterInput, depth)])
}

function fieldCondition(
  translating: Translating,
  field: ScalarField | RelationField,
  value: FilterInput,
  depth: number,
): Where {
  if (field.kind === 'scalar') return scalarCondition(field, value, translating.scope.nulls)
  return field.isList
    ? listRelationCondition(translating, field, value, depth)
    : toOneCondition(translating, field, value, depth)
}

/** The schema of the viewer has no such input; said in the words of one that never had it. */
function unknownInput(model: Model, name: string): RefractError {
  return new RefractError('BAD_USER_INPUT', `Rows of ${model.typeName} cannot be filtered by ${name}.`)
}

function listRelationCondition(
  translating: Translating,
  field: RelationField,
  filter: FilterInput,
  depth: number,
): Where {
  const { scope } = translating
  const target = scope.datamodel.model(field.target)
  const parts = Object.entries(filter).filter(([, value]) => value !== undefined && value !== null)
  return allOf(
    parts.map(([quantifier, value]) => {
      const where = translate(translating, target, value as FilterInput, depth)
      if (quantifier === 'every') return everyRelated(scope, field, where)
      const rows = visible(scope, target, where)
      if (isNoRow(rows)) return quantifier === 'some' ? noRow : everyRow
      return { [field.name]: { [quantifier]: rows } }
    }),
  )
}

/** No related row that exists for the viewer fails to match. */
function everyRelated(scope: Scope, field: RelationField, where: Where): Where {
  const existing = visible(scope, scope.datamodel.model(field.target))
  if (isEveryRow(where) || isNoRow(existing)) return everyRow
  if (isEveryRow(existing)) return { [field.name]: { every: where } }
  return { [field.name]: { none: allOf([existing, noneOf(where)]) } }
}

function toOneCondition(
  translating: Translating,
  field: RelationField,
  filter: FilterInput,
  depth: number,
): Where {
  const { scope } = translating
  const target = scope.datamodel.model(field.target)
  const parts = Object.entries(filter).filter(([, value]) => value !== undefined)
  return allOf(
    parts.map(([operator, value]) => {
      const matches =
        value === null
          ? noneOf(isRelated(field, visible(scope, target)))
          : isRelated(
              field,
              visible(scope, target, translate(translating, target, value as FilterInput, depth)),
            )
      return operator === 'is' ? matches : noneOf(matches)
    }),
  )
}

/** The row has a related row, and that row matches. */
function isRelated(field: RelationField, where: Where): Where {
  if (isNoRow(where)) return noRow
  if (isEveryRow(where)) return noneOf(withoutRelated(field))
  return { [field.name]: { is: where } }
}
