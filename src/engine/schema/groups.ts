import type { ObjectRef } from '@pothos/core'
import { RefractError } from '../../errors.ts'
import { capitalize } from '../../lib/capitalize.ts'
import { isOrderable } from '../datamodel/column-kind.ts'
import type { Model, ScalarField } from '../datamodel/model.ts'
import type { Row, Where } from '../operations/client.ts'
import { exactFloat } from '../operations/exact-float.ts'
import { keyFields } from '../operations/key.ts'
import type { AggregateFunction } from '../operations/read/aggregate.ts'
import { assertAggregable } from '../operations/read/assert-aggregable.ts'
import type { Group, GroupOrderTerm } from '../operations/read/group-read.ts'
import { parseSortOrder } from '../operations/read/order.ts'
import type { Scope } from '../operations/scope.ts'
import { assertFilterDepth, assertFilterSize } from '../operations/where/assert-filter-size.ts'
import { scalarCondition } from '../operations/where/scalar-filter.ts'
import { isEveryRow } from '../policy/logic.ts'
import { aggregableFields, aggregateFieldsRef, aggregateType, functionsOf } from './aggregates.ts'
import { type EngineTypes, objectType, once, type SchemaBuild } from './builder.ts'
import { aggregateWish, type ConnectionSource } from './connection-source.ts'
import { inputTypeOf } from './field-types.ts'
import { numberFilter, scalarFilter } from './filters.ts'
import { type FilterInput, type InputRef, inputObject } from './input-object.ts'
import { canOrder, canRead, offered } from './offers.ts'
import { sortOrder } from './orderings.ts'
import { printable } from './printable.ts'
import { placeOf } from './selection.ts'
import { loadToOne } from './to-one.ts'

type ConnectionFieldBuilder = PothosSchemaTypes.ObjectFieldBuilder<EngineTypes, ConnectionSource>

/** `groupBy` of a connection: the rows that match, by the values of some of their fields. */
export function groupByField(build: SchemaBuild, model: Model, t: ConnectionFieldBuilder) {
  const limit = build.settings.maximumPageSize
  return t.field({
    type: [groupRef(build, model)],
    description: `The rows that match, grouped by fields: at most ${limit} groups, ordered by their keys unless said otherwise.`,
    args: {
      by: t.arg({ type: [groupField(build, model)], required: true }),
      having: t.arg({ type: havingInput(build, model) }),
      orderBy: t.arg({ type: [groupOrderInput(build, model)] }),
      first: t.arg.int({ description: `At most ${limit}.` }),
    },
    resolve: async (source, args, context, info) => {
      const scope = context.refract
      const first = args.first ?? limit
      if (first < 0 || first > limit) {
        throw new RefractError(
          'BAD_USER_INPUT',
          `\`first\` is ${first}; a grouping can have 0 to ${limit} groups.`,
        )
      }
      if (args.by.length === 0) {
        throw new RefractError('BAD_USER_INPUT', '`by` is empty: name at least one field to group by.')
      }
      if (args.having) assertFilterSize(args.having)
      const by = [...new Set(args.by)].map(name => fieldOf(model, name))
      const groups = await source.groups(placeOf(info), {
        by,
        limit: first,
        having: translateHaving(scope, model, by, args.having ?? {}),
        order: (args.orderBy ?? []).map(entry => translateGroupOrder(model, by, entry)),
        wish: aggregateWish(info, model, []),
      })
      return [...groups]
    },
  })
}

function fieldOf(model: Model, graphqlName: string): ScalarField {
  const field = model.scalars.find(scalar => scalar.graphqlName === graphqlName)
  if (!field) throw new Error(`${model.name} has no scalar ${graphqlName}.`)
  return field
}

function groupField(build: SchemaBuild, model: Model) {
  return once(build, build.names.derived(model, 'GroupField'), name =>
    build.builder.enumType(name, {
      values: Object.fromEntries(
        model.scalars
          .filter(isOrderable)
          .map(field => [
            field.graphqlName,
            { value: field.graphqlName, extensions: offered(canOrder(build.datamodel, model, field)) },
          ]),
      ),
    }),
  )
}

/** `IssueGroup`: the values that the rows of a group share, how many they are, and their aggregates. */
function groupRef(build: SchemaBuild, model: Model): ObjectRef<EngineTypes, Group> {
  return objectType<Group>(build, build.names.derived(model, 'Group'), {
    fields: t => ({
      key: t.field({ type: groupKeyRef(build, model), resolve: group => group.key }),
      count: t.int({ resolve: group => group.count }),
      ...Object.fromEntries(
        functionsOf(model).map(by => [
          by,
          t.field({ type: aggregateFieldsRef(build, model, by), resolve: group => group[by] }),
        ]),
      ),
    }),
  })
}

/** `IssueGroupKey`: a field that was not grouped by is null; so is a relation whose columns were not. */
function groupKeyRef(build: SchemaBuild, model: Model): ObjectRef<EngineTypes, Row> {
  return objectType<Row>(build, build.names.derived(model, 'GroupKey'), {
    description: 'What the rows of a group have in common. What was not grouped by is null.',
    fields: t =>
      Object.fromEntries([
        ...model.scalars.filter(isOrderable).map(field => [
          field.graphqlName,
          t.field({
            type: inputTypeOf(build, field) as 'String',
            nullable: true,
            extensions: offered(canOrder(build.datamodel, model, field)),
            resolve: key => printable(field, key[field.name] ?? null) as string | null,
          }),
        ]),
        ...model.relations
          .filter(relation => relation.ownsKey)
          .map(relation => [
            relation.graphqlName,
            t.field({
              type: build.rowRef(build.datamodel.model(relation.target)),
              nullable: true,
              extensions: offered(
                access =>
                  relation.from.every(name => access.of(model).field(name).isOrderable) &&
                  isEveryRow(access.of(model).field(relation.name).read) &&
                  canRead(build.datamodel.model(relation.target))(access),
              ),
              resolve: (key, _, context, info) => {
                const access = context.refract.access.of(model).field(relation.name)
                return isEveryRow(access.read) ? loadToOne(relation, key, context, info) : null
              },
            }),
          ]),
      ]),
  })
}

function havingInput(build: SchemaBuild, model: Model): InputRef {
  return inputObject(build, build.names.derived(model, 'Having'), {
    description: 'Which groups to take.',
    fields: (t, self) => ({
      AND: t.field({ type: [self] }),
      OR: t.field({ type: [self] }),
      NOT: t.field({ type: self }),
      count: t.field({ type: numberFilter(build, 'Int') }),
      ...Object.fromEntries(
        functionsOf(model).map(by => [by, t.field({ type: havingFields(build, model, by) })]),
      ),
      key: t.field({ type: havingKey(build, model) }),
    }),
  })
}

function havingFields(build: SchemaBuild, model: Model, by: AggregateFunction): InputRef {
  const suffix = `Having${capitalize(by)}`
  return inputObject(build, build.names.derived(model, suffix), {
    fields: t =>
      Object.fromEntries(
        aggregableFields(model, by).map(field => {
          const type = aggregateType(build, field, by)
          return [
            field.graphqlName,
            t.field({
              type:
                type === 'BigInt' || type === 'Float'
                  ? numberFilter(build, type)
                  : scalarFilter(build, field),
              extensions: offered(canOrder(build.datamodel, model, field)),
            }),
          ]
        }),
      ),
  })
}

function havingKey(build: SchemaBuild, model: Model): InputRef {
  return inputObject(build, build.names.derived(model, 'HavingKey'), {
    fields: t =>
      Object.fromEntries(
        model.scalars.filter(isOrderable).map(field => [
          field.graphqlName,
          t.field({
            type: scalarFilter(build, field),
            extensions: offered(canOrder(build.datamodel, model, field)),
          }),
        ]),
      ),
  })
}

const comparisons: ReadonlySet<string> = new Set(['equals', 'not', 'in', 'notIn', 'lt', 'lte', 'gt', 'gte'])

/** The GraphQL `having` to Prisma's: `{ field: { _sum: { gt: 3 } } }`. */
function translateHaving(
  scope: Scope,
  model: Model,
  by: readonly ScalarField[],
  having: FilterInput,
  depth = 0,
): Where {
  assertFilterDepth(depth)
  const parts = Object.entries(having).flatMap(([name, value]): Where[] => {
    if (value === undefined || value === null) return []
    if (name === 'AND' || name === 'OR') {
      return [
        { [name]: (value as FilterInput[]).map(part => translateHaving(scope, model, by, part, depth + 1)) },
      ]
    }
    if (name === 'NOT') return [{ NOT: [translateHaving(scope, model, by, value as FilterInput, depth + 1)] }]
    if (name === 'count') {
      const countField = keyFields(model)[0]?.name ?? ''
      return [{ [countField]: { _count: assertComparisons('count', value as FilterInput, false) } }]
    }
    if (name === 'key') {
      return Object.entries(value as FilterInput).map(([key, filter]) => {
        const field = fieldOf(model, key)
        assertAggregable(scope, model, [field.name])
        if (!by.includes(field)) {
          throw new RefractError('BAD_USER_INPUT', `having.key.${key} is not grouped by: add it to \`by\`.`)
        }
        return scalarCondition(field, filter as FilterInput, scope.nulls)
      })
    }
    return Object.entries(value as FilterInput).map(([key, filter]) => {
      const field = fieldOf(model, key)
      assertAggregable(scope, model, [field.name])
      const comparisons = assertComparisons(`${name}.${key}`, filter as FilterInput, !field.isRequired)
      return { [field.name]: { [`_${name}`]: aggregateFilter(field, name, comparisons) } }
    })
  })
  return parts.length === 1 && parts[0] ? parts[0] : parts.length === 0 ? {} : { AND: parts }
}

/** The comparisons of an aggregate, each with a value it can have: of a group there is at least one row. */
function assertComparisons(name: string, filter: FilterInput, canBeNull: boolean): FilterInput {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  for (const [operator, value] of given) {
    if (!comparisons.has(operator)) {
      throw new RefractError(
        'BAD_USER_INPUT',
        `having.${name} cannot be compared by \`${operator}\`: use one of ${[...comparisons].join(', ')}.`,
      )
    }
    const takesNull = canBeNull && (operator === 'equals' || operator === 'not')
    if (value === null && !takesNull) {
      const reason = canBeNull ? 'only `equals` and `not` take null' : 'it is never null'
      throw new RefractError('BAD_USER_INPUT', `having.${name}.${operator} cannot be null: ${reason}.`)
    }
  }
  return Object.fromEntries(given)
}

/** A sum is served as BigInt where Prisma compares it with the numbers of its column: of 32 bits, or any fraction. */
function aggregateFilter(field: ScalarField, name: string, filter: FilterInput): FilterInput {
  const convert = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(convert)
    if (field.scalar === 'Float') return exactFloat(value, false)
    if (name !== 'sum' || field.scalar !== 'Int' || typeof value !== 'bigint') return value
    if (BigInt.asIntN(32, value) === value) return Number(value)
    throw new RefractError(
      'BAD_USER_INPUT',
      `having.sum.${field.graphqlName} can be compared with numbers of 32 bits; ${value} came.`,
    )
  }
  return Object.fromEntries(Object.entries(filter).map(([operator, value]) => [operator, convert(value)]))
}

function groupOrderInput(build: SchemaBuild, model: Model): InputRef {
  return inputObject(build, build.names.derived(model, 'GroupOrder'), {
    isOneOf: true,
    fields: t => ({
      key: t.field({ type: groupOrderFields(build, model, 'Key', model.scalars.filter(isOrderable)) }),
      count: t.field({ type: sortOrder(build) }),
      ...Object.fromEntries(
        functionsOf(model).map(by => [
          by,
          t.field({
            type: groupOrderFields(build, model, capitalize(by), aggregableFields(model, by)),
          }),
        ]),
      ),
    }),
  })
}

function groupOrderFields(
  build: SchemaBuild,
  model: Model,
  part: string,
  fields: readonly ScalarField[],
): InputRef {
  return inputObject(build, build.names.derived(model, `GroupOrder${part}`), {
    isOneOf: true,
    fields: t =>
      Object.fromEntries(
        fields.map(field => [
          field.graphqlName,
          t.field({
            type: sortOrder(build),
            extensions: offered(canOrder(build.datamodel, model, field)),
          }),
        ]),
      ),
  })
}

function translateGroupOrder(model: Model, by: readonly ScalarField[], entry: FilterInput): GroupOrderTerm {
  const [name, value] = Object.entries(entry)[0] ?? []
  if (name === undefined)
    throw new RefractError('BAD_USER_INPUT', 'Each entry of orderBy names exactly one thing.')
  if (name === 'count') return { by: 'count', field: null, order: parseSortOrder(value as string).direction }
  const [graphqlName = '', order] = Object.entries(value as Readonly<Record<string, string>>)[0] ?? []
  const field = fieldOf(model, graphqlName)
  if (name === 'key' && !by.includes(field)) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `orderBy.key.${graphqlName} is not grouped by: add it to \`by\`.`,
    )
  }
  const { direction, nulls } = parseSortOrder(order ?? 'ASC')
  const isPlain = name !== 'key' || field.isRequired
  return { by: name as 'key', field, order: isPlain ? direction : { sort: direction, nulls } }
}
