import type { ObjectRef } from '@pothos/core'
import { capitalize } from '../../lib/capitalize.ts'
import { readAs } from '../compiled/read-mark.ts'
import { isOrderable } from '../datamodel/column-kind.ts'
import type { Model, ScalarField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import type { AggregateFunction } from '../operations/read/aggregate.ts'
import { readGroupArguments } from '../operations/read/group-arguments.ts'
import type { Group } from '../operations/read/group-read.ts'
import { isEveryRow } from '../policy/logic.ts'
import { aggregableFields, aggregateFieldsRef, aggregateType, functionsOf } from './aggregates.ts'
import { type EngineTypes, objectType, once, type SchemaBuild } from './builder.ts'
import { aggregateWish, type ConnectionSource } from './connection-source.ts'
import { inputTypeOf } from './field-types.ts'
import { numberFilter, scalarFilter } from './filters.ts'
import { type InputRef, inputObject } from './input-object.ts'
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
    extensions: readAs({ kind: 'groups' }),
    description: `The rows that match, grouped by fields: at most ${limit} groups, ordered by their keys unless said otherwise.`,
    args: {
      by: t.arg({ type: [groupField(build, model)], required: true }),
      having: t.arg({ type: havingInput(build, model) }),
      orderBy: t.arg({ type: [groupOrderInput(build, model)] }),
      first: t.arg.int({ description: `At most ${limit}.` }),
    },
    resolve: async (source, args, context, info) => {
      const groups = await source.groups(placeOf(info), {
        ...readGroupArguments(context.refract, model, args),
        wish: aggregateWish(info, model, []),
      })
      return [...groups]
    },
  })
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
      key: t.field({
        type: groupKeyRef(build, model),
        extensions: readAs({ kind: 'groupKey' }),
        resolve: group => group.key,
      }),
      count: t.int({ extensions: readAs({ kind: 'count' }), resolve: group => group.count }),
      ...Object.fromEntries(
        functionsOf(model).map(by => [
          by,
          t.field({
            type: aggregateFieldsRef(build, model, by),
            extensions: readAs({ kind: 'aggregates', by }),
            resolve: group => group[by],
          }),
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
            extensions: {
              ...offered(canOrder(build.datamodel, model, field)),
              ...readAs({ kind: 'column', model, field }),
            },
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
              extensions: {
                ...readAs({ kind: 'toOne', model, field: relation }),
                ...offered(
                  access =>
                    relation.from.every(name => access.of(model).field(name).isOrderable) &&
                    isEveryRow(access.of(model).field(relation.name).read) &&
                    canRead(build.datamodel.model(relation.target))(access),
                ),
              },
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
