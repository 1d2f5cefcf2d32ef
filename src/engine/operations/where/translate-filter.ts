import { RefractError } from '../../../errors.ts'
import type { Model, RelationField, ScalarField } from '../../datamodel/model.ts'
import { allOf, anyOf, everyRow, isEveryRow, isNoRow, noneOf, noRow } from '../../policy/logic.ts'
import { withoutRelated } from '../../policy/related-row.ts'
import type { Where } from '../client.ts'
import { type Scope, visible } from '../scope.ts'
import { assertFilterDepth, assertFilterSize } from './assert-filter-size.ts'
import { scalarCondition } from './scalar-filter.ts'
import { type SearchInput, searchCondition } from './search.ts'

type FilterInput = Readonly<Record<string, unknown>>

/**
 * The GraphQL filter of a model (GraphQL names, parsed values) to a Prisma `where`. Null and absent mean every row.
 *
 * What it says of related rows it says of those that exist for the viewer; a condition on a field holds only where the
 * viewer may read the field. The rows of the model itself are not narrowed down to those that exist for the viewer.
 *
 * @throws RefractError BAD_USER_INPUT for what no row could be compared with
 */
export async function translateFilter(
  scope: Scope,
  model: Model,
  filter: FilterInput | null | undefined,
  depth = 0,
): Promise<Where> {
  if (!filter) return everyRow
  if (depth === 0) assertFilterSize(filter)
  assertFilterDepth(depth)
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  return allOf(
    await Promise.all(given.map(([name, value]) => condition(scope, model, name, value, depth + 1))),
  )
}

async function condition(
  scope: Scope,
  model: Model,
  name: string,
  value: unknown,
  depth: number,
): Promise<Where> {
  if (name === 'AND' || name === 'OR') {
    if (value === null) return everyRow
    const parts = await Promise.all(
      (value as readonly FilterInput[]).map(part => translateFilter(scope, model, part, depth)),
    )
    return name === 'AND' ? allOf(parts) : anyOf(parts)
  }
  if (name === 'NOT') {
    return value === null
      ? everyRow
      : noneOf(await translateFilter(scope, model, value as FilterInput, depth))
  }
  const field = model.fields.find(candidate => candidate.graphqlName === name)
  if (name === 'search' && field?.kind !== 'scalar') {
    return value === null ? everyRow : searchCondition(scope, model, value as SearchInput)
  }
  if (!field || field.kind === 'unsupported') throw new Error(`${model.name} has no filter ${name}.`)
  const access = scope.access.of(model).field(field.name)
  if (!access.isFilterable) throw unknownInput(model, name)
  if (value === null) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `The filter ${name} cannot be null: leave it out, or write { equals: null }.`,
    )
  }
  return allOf([access.read, await fieldCondition(scope, field, value as FilterInput, depth)])
}

function fieldCondition(
  scope: Scope,
  field: ScalarField | RelationField,
  value: FilterInput,
  depth: number,
): Where | Promise<Where> {
  if (field.kind === 'scalar') return scalarCondition(field, value, scope.nulls)
  return field.isList
    ? listRelationCondition(scope, field, value, depth)
    : toOneCondition(scope, field, value, depth)
}

/** The schema of the viewer has no such input; said in the words of one that never had it. */
function unknownInput(model: Model, name: string): RefractError {
  return new RefractError('BAD_USER_INPUT', `Rows of ${model.typeName} cannot be filtered by ${name}.`)
}

async function listRelationCondition(
  scope: Scope,
  field: RelationField,
  filter: FilterInput,
  depth: number,
): Promise<Where> {
  const target = scope.datamodel.model(field.target)
  const parts = Object.entries(filter).filter(([, value]) => value !== undefined && value !== null)
  return allOf(
    await Promise.all(
      parts.map(async ([quantifier, value]) => {
        const where = await translateFilter(scope, target, value as FilterInput, depth)
        if (quantifier === 'every') return everyRelated(scope, field, where)
        const rows = visible(scope, target, where)
        if (isNoRow(rows)) return quantifier === 'some' ? noRow : everyRow
        return { [field.name]: { [quantifier]: rows } }
      }),
    ),
  )
}

/** No related row that exists for the viewer fails to match. */
function everyRelated(scope: Scope, field: RelationField, where: Where): Where {
  const existing = visible(scope, scope.datamodel.model(field.target))
  if (isEveryRow(where) || isNoRow(existing)) return everyRow
  if (isEveryRow(existing)) return { [field.name]: { every: where } }
  return { [field.name]: { none: allOf([existing, noneOf(where)]) } }
}

async function toOneCondition(
  scope: Scope,
  field: RelationField,
  filter: FilterInput,
  depth: number,
): Promise<Where> {
  const target = scope.datamodel.model(field.target)
  const parts = Object.entries(filter).filter(([, value]) => value !== undefined)
  return allOf(
    await Promise.all(
      parts.map(async ([operator, value]) => {
        const matches =
          value === null
            ? noneOf(isRelated(field, visible(scope, target)))
            : isRelated(
                field,
                visible(scope, target, await translateFilter(scope, target, value as FilterInput, depth)),
              )
        return operator === 'is' ? matches : noneOf(matches)
      }),
    ),
  )
}

/** The row has a related row, and that row matches. */
function isRelated(field: RelationField, where: Where): Where {
  if (isNoRow(where)) return noRow
  if (isEveryRow(where)) return noneOf(withoutRelated(field))
  return { [field.name]: { is: where } }
}
