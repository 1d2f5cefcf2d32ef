import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
} from 'graphql'
import type { Model } from '../../../../src/engine/datamodel/model.ts'
import { askJsonKey, askJsonPath, askScalar, askSearch, type Column } from './ask-value.ts'
import { type Asking, chance } from './asking.ts'
import { constantOf, type Input, isWritable, literalOf, nullInput } from './input.ts'
import { hasExactSum } from './knowledge.ts'

/** Where in an operation a value is. */
export interface InputPlace {
  /** Whose filter, order or key it is. */
  readonly model: Model | null
  readonly column: Column | null
  /** Below it are sums, or averages. */
  readonly isSum: boolean
  /** How deep objects may still go. */
  readonly depth: number
  /** In the value of a variable. */
  readonly isConstant: boolean
}

/** A value of an argument, or a variable for it. */
export function askArgument(asking: Asking, { type }: GraphQLArgument, model: Model | null): Input {
  const place: InputPlace = { model, column: null, isSum: false, depth: 4, isConstant: false }
  return askPart(asking, type, place, 25)
}

/** As a literal, or, so many times in a hundred, as a variable. */
function askPart(
  asking: Asking,
  type: GraphQLInputType,
  place: InputPlace,
  percent: number,
  isOneOf = false,
): Input {
  if (place.isConstant) return askInput(asking, type, place)
  if (!chance(asking, percent)) {
    const input = askInput(asking, type, place)
    if (isWritable(input)) return input
  }
  return asVariable(asking, type, askInput(asking, type, { ...place, isConstant: true }), isOneOf)
}

/**
 * A variable for a constant: given, or as its default; now and then null or left out, where the place takes it and where it
 * does not.
 *
 * @param isOneOf the place takes no variable that can be null
 */
export function asVariable(asking: Asking, type: GraphQLInputType, input: Input, isOneOf = false): Input {
  const { parts, random } = asking
  const name = parts.nextName('v')
  const base = String(getNullableType(type))
  const declare = (declared: string, value?: unknown) => {
    parts.declarations.push(`$${name}: ${declared}`)
    if (value !== undefined) parts.variables[name] = value
    return { kind: 'variable', name } as const
  }
  const value = chance(asking, 1) ? random.one(['x', {}, 1.5, [null]]) : constantOf(input)
  const isNullable = !isNonNullType(type) && !isOneOf
  const form = random.below(10)
  if (isOneOf || form < 5) return declare(value === null ? base : `${base}!`, value)
  const isDefault = value !== null && isWritable(input)
  if (form < 7 && isDefault) {
    const given = random.below(6)
    return declare(
      `${base} = ${literalOf(input)}`,
      given === 0 ? null : given === 1 ? constantOf(input) : undefined,
    )
  }
  if (!isNullable) return declare(`${base}!`, value)
  return form < 9 ? declare(base, value) : declare(base, form === 9 && chance(asking, 50) ? null : undefined)
}

export function askInput(asking: Asking, type: GraphQLInputType, place: InputPlace): Input {
  if (type instanceof GraphQLNonNull) return askInput(asking, type.ofType, place)
  if (type instanceof GraphQLList) return askList(asking, type.ofType, place)
  if (isEnumType(type)) return { kind: 'enum', name: asking.random.one(type.getValues()).name }
  if (isInputObjectType(type)) return askObject(asking, type, place)
  return { kind: 'value', value: askScalar(asking, type.name, place.column) }
}

function askList(asking: Asking, type: GraphQLInputType, place: InputPlace): Input {
  const { random } = asking
  const count = chance(asking, 6) ? 0 : place.depth <= 1 ? 1 : 1 + random.below(3)
  // one value stands for a list of one
  if (count === 1 && chance(asking, 8)) return askPart(asking, type, place, 5)
  return { kind: 'list', items: Array.from({ length: count }, () => askPart(asking, type, place, 4)) }
}

function askObject(asking: Asking, type: GraphQLInputObjectType, place: InputPlace): Input {
  const { random } = asking
  const fields = Object.values(type.getFields()).filter(field => isPossible(asking, field, place))
  if (fields.length === 0) return { kind: 'object', fields: [] }
  const possible = fields.filter(field => place.depth > 0 || isFlat(field))
  if (type.isOneOf) {
    const isWrong = place.isConstant && chance(asking, 2)
    const count = isWrong ? random.below(2) * 2 : 1
    return objectOf(asking, choose(asking, possible.length > 0 ? possible : fields, count), place, true)
  }
  const required = fields.filter(field => isNonNullType(field.type))
  const optional = possible.filter(field => !required.includes(field))
  const count = chance(asking, 5) ? 0 : chance(asking, 70) ? 1 : 2
  return objectOf(asking, [...required, ...choose(asking, optional, count)], place, false)
}

/** The sum of numbers that have to be rounded depends on the order in which PostgreSQL adds them. */
function isPossible(
  { knowledge }: Asking,
  { name }: GraphQLInputField,
  { isSum, model }: InputPlace,
): boolean {
  const column = isSum && model?.scalars.find(({ graphqlName }) => graphqlName === name)
  return !column || model === null || hasExactSum(knowledge, model, column)
}

function choose(
  { random }: Asking,
  fields: readonly GraphQLInputField[],
  count: number,
): readonly GraphQLInputField[] {
  if (fields.length === 0) return []
  return [...new Set(Array.from({ length: count }, () => random.one(fields)))]
}

function objectOf(
  asking: Asking,
  fields: readonly GraphQLInputField[],
  place: InputPlace,
  isOneOf: boolean,
): Input {
  return {
    kind: 'object',
    fields: fields.map(field => [field.name, askField(asking, field, place, isOneOf)]),
  }
}

function askField(asking: Asking, field: GraphQLInputField, place: InputPlace, isOneOf: boolean): Input {
  const { name, type } = field
  const percent = ['equals', 'not', 'is', 'isNot'].includes(name) ? 14 : 2
  if (!isNonNullType(type) && chance(asking, percent) && (!isOneOf || place.isConstant)) return nullInput
  const known = knownValue(asking, name, type, place)
  if (known) return known
  return askPart(asking, type, below(asking, name, place), 7, isOneOf)
}

/** Places whose values have a meaning that their type does not tell. */
function knownValue(
  asking: Asking,
  name: string,
  type: GraphQLInputType,
  { model, column }: InputPlace,
): Input | null {
  if (column?.field.scalar === 'Json' && name === 'path')
    return { kind: 'list', items: askJsonPath(asking).map(value => ({ kind: 'value', value })) }
  if (column?.field.scalar === 'Json' && name === 'hasKey')
    return { kind: 'value', value: askJsonKey(asking) }
  const isText = getNamedType(type).name === 'String'
  if (model && name === 'query' && isText && !column)
    return { kind: 'value', value: askSearch(asking, model) }
  return null
}

/** The place of an object's field: the model's column or relation of this name, if it has one. */
function below({ datamodel }: Asking, name: string, place: InputPlace): InputPlace {
  const { model } = place
  const field = model?.fields.find(({ graphqlName }) => graphqlName === name)
  const isSum = !field && (name === 'sum' || name === 'avg')
  const deeper = { ...place, isSum, depth: place.depth - 1 }
  if (!model || !field || field.kind === 'unsupported' || place.column) return deeper
  if (field.kind === 'scalar') return { ...deeper, column: { model, field } }
  return { ...deeper, model: datamodel.model(field.target) }
}

function isFlat({ type }: GraphQLInputField): boolean {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return true
  return Object.values(named.getFields()).every(field => !isInputObjectType(getNamedType(field.type)))
}
