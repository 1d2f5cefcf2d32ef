import type { InputFieldMap } from '@pothos/core'
import { capitalize } from '../../lib/capitalize.ts'
import { isComparable, isText } from '../datamodel/column-kind.ts'
import type { Model, RelationField, ScalarField } from '../datamodel/model.ts'
import { once, type SchemaBuild } from './builder.ts'
import { inputTypeOf } from './field-types.ts'
import { type InputFields, type InputRef, inputObject } from './input-object.ts'
import { canFilterBy, canFindBy, canSearch, type Offer, offered } from './offers.ts'

const textTypes: ReadonlySet<string> = new Set(['String', 'ID'])

/** `IssueFilter`: conditions on own columns and on related rows, with AND, OR and NOT. */
export function filterInput(build: SchemaBuild, model: Model): InputRef {
  return inputObject(build, build.names.derived(model, 'Filter'), {
    description: `Which ${model.plural} to take. Conditions side by side must all hold.`,
    fields: (t, self) => ({
      AND: t.field({ type: [self] }),
      OR: t.field({ type: [self] }),
      NOT: t.field({ type: self }),
      ...(model.searchVectors.length > 0
        ? { search: t.field({ type: searchInput(build, model), extensions: offered(isSearched(model)) }) }
        : {}),
      ...Object.fromEntries([
        ...model.scalars.filter(isComparable).map(field => [
          field.graphqlName,
          t.field({
            type: scalarFilter(build, field),
            description: field.documentation ?? undefined,
            extensions: offered(canFilterBy(build.datamodel, model, field)),
          }),
        ]),
        ...model.relations.map(field => [
          field.graphqlName,
          t.field({
            type: relationFilter(build, field),
            extensions: offered(canFilterBy(build.datamodel, model, field)),
          }),
        ]),
      ]),
    }),
  })
}

/** `IssueUniqueInput`: one of the model's unique keys. */
export function uniqueInput(build: SchemaBuild, model: Model): InputRef {
  return inputObject(build, build.names.derived(model, 'UniqueInput'), {
    description: `One ${model.singular}, by one of its unique keys.`,
    isOneOf: true,
    fields: t =>
      Object.fromEntries(
        model.uniqueKeys.map(key => {
          const fields = key.fields.map(field => model.scalars.find(scalar => scalar.name === field))
          const [single] = fields
          const isSingle = key.fields.length === 1 && single
          return [
            key.graphqlName,
            t.field({
              type: isSingle
                ? inputTypeOf(build, single)
                : compoundInput(build, model, key.graphqlName, fields),
              extensions: offered(canFindBy(model, key.fields)),
            }),
          ]
        }),
      ),
  })
}

function compoundInput(
  build: SchemaBuild,
  model: Model,
  keyName: string,
  fields: readonly (ScalarField | undefined)[],
): InputRef {
  const suffix = keyName.split('_').map(capitalize).join('')
  return inputObject(build, build.names.derived(model, `${suffix}Key`), {
    fields: t =>
      Object.fromEntries(
        fields
          .filter(field => field !== undefined)
          .map(field => [field.graphqlName, t.field({ type: inputTypeOf(build, field), required: true })]),
      ),
  })
}

function relationFilter(build: SchemaBuild, field: RelationField): InputRef {
  const target = build.datamodel.model(field.target)
  const filter = filterInput(build, target)
  return field.isList
    ? inputObject(build, build.names.derived(target, 'ListFilter'), {
        fields: t => ({
          some: t.field({ type: filter, description: 'At least one related row matches.' }),
          every: t.field({ type: filter, description: 'No related row fails to match.' }),
          none: t.field({ type: filter, description: 'No related row matches.' }),
        }),
      })
    : inputObject(build, build.names.derived(target, 'ToOneFilter'), {
        fields: t => ({
          is: t.field({
            type: filter,
            description: 'There is a related row, and it matches. Null: there is none.',
          }),
          isNot: t.field({ type: filter, description: 'The opposite of `is`.' }),
        }),
      })
}

/** The filter on a column: one type for each scalar and enum, and for lists of each. */
export function scalarFilter(build: SchemaBuild, field: FilteredType): InputRef {
  const hasPatterns = field.graphqlType !== 'String' || field.isList || isText(field)
  const kind = hasPatterns ? field.graphqlType : `Plain${field.graphqlType}`
  const name = build.names.shared(`${kind}${field.isList ? 'List' : ''}Filter`)
  return inputObject(build, name, {
    fields: t =>
      field.isList
        ? listFilterFields(build, t, field)
        : field.graphqlType === 'JSON'
          ? jsonFilterFields(t)
          : scalarFilterFields(build, t, field),
  })
}

/** What decides about the filter type of a column. */
export type FilteredType = Pick<ScalarField, 'graphqlType' | 'enumName' | 'scalar' | 'isList' | 'nativeType'>

/** The filter type of a number. */
export function numberFilter(build: SchemaBuild, scalar: 'Int' | 'BigInt' | 'Float' | 'Decimal'): InputRef {
  return scalarFilter(build, { graphqlType: scalar, scalar, enumName: null, isList: false, nativeType: null })
}

function scalarFilterFields(build: SchemaBuild, t: InputFields, field: FilteredType): InputFieldMap {
  const type = inputTypeOf(build, field)
  const isOrdered = !field.enumName && field.scalar !== 'Boolean' && field.scalar !== 'Bytes'
  return {
    equals: t.field({ type }),
    not: t.field({ type, description: 'Has another value. Null: has a value.' }),
    ...(field.scalar === 'Boolean'
      ? {}
      : { in: t.field({ type: [type] }), notIn: t.field({ type: [type] }) }),
    ...(isOrdered
      ? {
          lt: t.field({ type }),
          lte: t.field({ type }),
          gt: t.field({ type }),
          gte: t.field({ type }),
        }
      : {}),
    ...(isText(field) && textTypes.has(field.graphqlType)
      ? {
          contains: t.string({ description: 'Has this text in it; `%` and `_` stand for themselves.' }),
          startsWith: t.string(),
          endsWith: t.string(),
          mode: t.field({ type: queryMode(build) }),
        }
      : {}),
  }
}

function listFilterFields(build: SchemaBuild, t: InputFields, field: FilteredType): InputFieldMap {
  const type = inputTypeOf(build, field)
  return {
    equals: t.field({ type: [type] }),
    has: t.field({ type }),
    hasEvery: t.field({ type: [type] }),
    hasSome: t.field({ type: [type] }),
    isEmpty: t.boolean(),
  }
}

function jsonFilterFields(t: InputFields): InputFieldMap {
  return {
    path: t.stringList({
      description: 'Where in the value to look: keys, and positions of lists. Without: the whole value.',
    }),
    equals: t.field({ type: 'JSON' }),
    not: t.field({ type: 'JSON' }),
    contains: t.field({
      type: 'JSON',
      description:
        'Every key of an object, or every element of a list, is in the stored value with its value. What is missing contains nothing.',
    }),
    hasKey: t.string(),
  }
}

function queryMode(build: SchemaBuild) {
  return once(build, 'QueryMode', name =>
    build.builder.enumType(name, {
      description: 'Whether texts that differ only in upper and lower case are the same.',
      values: ['DEFAULT', 'INSENSITIVE'] as const,
    }),
  )
}

function searchInput(build: SchemaBuild, model: Model): InputRef {
  const sources = model.searchVectors.flatMap(vector => vector.sources.map(source => source.graphqlName))
  return inputObject(build, build.names.derived(model, 'SearchInput'), {
    description: 'Full-text search.',
    fields: t => ({
      query: t.string({
        required: true,
        description: 'As in a web search: words that must all occur, "a phrase", either or other, -without.',
      }),
      ...(sources.length > 0
        ? {
            fields: t.field({
              type: [searchField(build, model, sources)],
              description: 'Where to look. Without: everywhere.',
            }),
          }
        : {}),
    }),
  })
}

function searchField(build: SchemaBuild, model: Model, sources: readonly string[]) {
  return once(build, build.names.derived(model, 'SearchField'), name =>
    build.builder.enumType(name, {
      values: Object.fromEntries(
        sources.map(source => [source, { value: source, extensions: offered(canSearch(model, [source])) }]),
      ),
    }),
  )
}

/** Some words of the model can be searched; where it is not known which fields a vector has, any of them. */
function isSearched(model: Model): Offer {
  const sources = model.searchVectors.flatMap(vector => vector.sources.map(source => source.graphqlName))
  const isUnknown = model.searchVectors.some(vector => vector.sources.length === 0)
  return isUnknown ? () => true : canSearch(model, sources)
}
