import {
  type GraphQLArgumentConfig,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInterfaceType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLScalarType,
  GraphQLSchema,
  type GraphQLType,
  GraphQLUnionType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
  isRequiredInputField,
  isScalarType,
  isUnionType,
} from 'graphql'
import type { ViewerAccess } from '../policy/viewer-access.ts'
import { isOffered, type SchemaPart } from './offers.ts'

type FieldsType = GraphQLObjectType | GraphQLInterfaceType

/**
 * The part of a schema that a viewer could ever use: what is not offered is not there, nor is what would be left empty
 * or could not be reached any more. (`mapSchema` of @graphql-tools/utils removes neither a field whose required argument
 * has gone nor an input that has only AND, OR and NOT left.)
 */
export function schemaFor(schema: GraphQLSchema, access: ViewerAccess): GraphQLSchema {
  const kept = findReached(schema, findKept(schema, access))
  const types = new Map<string, GraphQLNamedType>()
  const typeOf = <Type extends GraphQLType>(type: Type): Type => {
    if (type instanceof GraphQLNonNull) return new GraphQLNonNull(typeOf(type.ofType)) as unknown as Type
    if (type instanceof GraphQLList) return new GraphQLList(typeOf(type.ofType)) as unknown as Type
    const named = type as GraphQLNamedType
    const known = types.get(named.name)
    if (known) return known as Type
    const made = narrow(named, kept, typeOf)
    types.set(named.name, made)
    return made as Type
  }
  const config = schema.toConfig()
  const root = (type: GraphQLObjectType | null | undefined) => (type && kept.has(type) ? typeOf(type) : null)
  return new GraphQLSchema({
    ...config,
    query: root(config.query),
    mutation: root(config.mutation),
    subscription: root(config.subscription),
    // what only an interface leads to
    types: config.types
      .filter(type => isObjectType(type) && type.getInterfaces().length > 0 && kept.has(type))
      .map(typeOf),
    assumeValid: true,
  })
}

/** The types that stay, with the fields, arguments' owners and values of each. */
interface Kept {
  has(type: GraphQLType): boolean
  /** The names of the fields or values of a type that stay. */
  namesOf(type: GraphQLNamedType): readonly string[]
  /** The argument is offered, and its type stays. */
  hasArgument(argument: GraphQLArgumentConfig): boolean
}

/** Takes away until nothing is left that leads to what is gone. */
function findKept(schema: GraphQLSchema, access: ViewerAccess): Kept {
  const names = new Map<string, readonly string[]>()
  for (const type of Object.values(schema.getTypeMap())) {
    if (isOffered(type, access))
      names.set(
        type.name,
        partsOf(type)
          .filter(part => isOffered(part, access))
          .map(nameOf),
      )
  }
  const kept: Kept = {
    has: type => names.has(getNamedType(type).name),
    namesOf: type => names.get(type.name) ?? [],
    hasArgument: argument => names.has(getNamedType(argument.type).name) && isOffered(argument, access),
  }
  for (let isStable = false; !isStable; ) {
    isStable = true
    for (const type of Object.values(schema.getTypeMap())) {
      const before = names.get(type.name)
      if (!before || isScalarType(type) || isEnumType(type)) continue
      const after = before.filter(name => isWhole(type, name, kept))
      if (after.length === before.length) continue
      isStable = false
      names.set(type.name, after)
    }
    for (const [name, parts] of names) {
      const type = schema.getType(name)
      if (!type || isScalarType(type)) continue
      if (!isEmpty(type, parts) && !isAbandoned(schema, type, kept) && !lacksNeeded(type, access, kept))
        continue
      isStable = false
      names.delete(name)
    }
  }
  return kept
}

/** Of the types that stay, those that something leads to. */
function findReached(schema: GraphQLSchema, kept: Kept): Kept {
  const reached = new Set<string>()
  const open: GraphQLNamedType[] = []
  const reach = (type: GraphQLType | null | undefined): void => {
    const named = getNamedType(type)
    if (!named || reached.has(named.name) || !kept.has(named)) return
    reached.add(named.name)
    open.push(named)
  }
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
    reach(root)
  for (let type = open.pop(); type; type = open.pop()) {
    const names = kept.namesOf(type)
    if (isUnionType(type)) type.getTypes().forEach(reach)
    if (isInterfaceType(type)) schema.getImplementations(type).objects.forEach(reach)
    if (isObjectType(type) || isInterfaceType(type)) type.getInterfaces().forEach(reach)
    if (isInputObjectType(type)) for (const name of names) reach(type.getFields()[name]?.type)
    if (!isObjectType(type) && !isInterfaceType(type)) continue
    for (const name of names) {
      const field = type.getFields()[name]
      reach(field?.type)
      for (const argument of field?.args ?? []) if (kept.hasArgument(argument)) reach(argument.type)
    }
  }
  return { ...kept, has: type => reached.has(getNamedType(type).name) }
}

interface Part extends SchemaPart {
  readonly name: string
}

function nameOf({ name }: Part): string {
  return name
}

function partsOf(type: GraphQLNamedType): readonly Part[] {
  if (isScalarType(type)) return []
  if (isEnumType(type)) return type.getValues()
  if (isUnionType(type)) return type.getTypes()
  return Object.values(type.getFields())
}

/** The part leads to types that are there, and its required arguments can be given. */
function isWhole(type: GraphQLNamedType, name: string, kept: Kept): boolean {
  if (isUnionType(type)) return kept.has(type.getTypes().find(member => member.name === name) ?? type)
  if (isInputObjectType(type)) return kept.has(type.getFields()[name]?.type ?? type)
  if (!isObjectType(type) && !isInterfaceType(type)) return true
  const field = type.getFields()[name]
  return (
    !field ||
    (kept.has(field.type) && field.args.every(arg => !isNonNullType(arg.type) || kept.has(arg.type)))
  )
}

/** Nothing is left, or nothing but the type itself again, as in a filter with only AND, OR and NOT. */
function isEmpty(type: GraphQLNamedType, names: readonly string[]): boolean {
  if (!isInputObjectType(type)) return names.length === 0
  const fields = type.getFields()
  return names.every(name => getNamedType(fields[name]?.type) === type)
}

/** An interface of which nothing is left. */
function isAbandoned(schema: GraphQLSchema, type: GraphQLNamedType, kept: Kept): boolean {
  return isInterfaceType(type) && !schema.getImplementations(type).objects.some(kept.has)
}

/** An input that must hold what cannot be given. (What is required of a row has its say in the offer of the whole input.) */
function lacksNeeded(type: GraphQLNamedType, access: ViewerAccess, kept: Kept): boolean {
  if (!isInputObjectType(type)) return false
  return Object.values(type.getFields()).some(
    field => isRequiredInputField(field) && isOffered(field, access) && !kept.has(field.type),
  )
}

type TypeOf = <Type extends GraphQLType>(type: Type) => Type

function narrow(type: GraphQLNamedType, kept: Kept, typeOf: TypeOf): GraphQLNamedType {
  const names = new Set(kept.namesOf(type))
  if (type instanceof GraphQLScalarType) return type
  if (type instanceof GraphQLEnumType) {
    const config = type.toConfig()
    if (names.size === Object.keys(config.values).length) return type
    return new GraphQLEnumType({ ...config, values: pick(config.values, names) })
  }
  if (type instanceof GraphQLUnionType) {
    const config = type.toConfig()
    const members = config.types.filter(member => names.has(member.name))
    return new GraphQLUnionType({ ...config, types: () => members.map(typeOf) })
  }
  if (type instanceof GraphQLInputObjectType) return narrowInput(type, names, typeOf)
  return narrowObject(type as FieldsType, names, kept, typeOf)
}

function narrowInput(
  type: GraphQLInputObjectType,
  names: ReadonlySet<string>,
  typeOf: TypeOf,
): GraphQLInputObjectType {
  const config = type.toConfig()
  return new GraphQLInputObjectType({
    ...config,
    fields: () =>
      mapValues(pick(config.fields, names), field => ({
        ...field,
        type: typeOf<GraphQLInputType>(field.type),
      })),
  })
}

function narrowObject(
  type: FieldsType,
  names: ReadonlySet<string>,
  kept: Kept,
  typeOf: TypeOf,
): GraphQLObjectType | GraphQLInterfaceType {
  const interfaces = () => type.getInterfaces().filter(kept.has).map(typeOf)
  const fields = () =>
    mapValues(pick(type.toConfig().fields, names), field => narrowField(field, kept, typeOf))
  return type instanceof GraphQLObjectType
    ? new GraphQLObjectType({ ...type.toConfig(), interfaces, fields })
    : new GraphQLInterfaceType({ ...type.toConfig(), interfaces, fields })
}

function narrowField(
  field: GraphQLFieldConfig<unknown, unknown>,
  kept: Kept,
  typeOf: TypeOf,
): GraphQLFieldConfig<unknown, unknown> {
  const args = Object.entries(field.args ?? {}).filter(([, argument]) => kept.hasArgument(argument))
  return {
    ...field,
    type: typeOf<GraphQLOutputType>(field.type),
    args: mapValues(Object.fromEntries(args), (arg: GraphQLArgumentConfig) => ({
      ...arg,
      type: typeOf<GraphQLInputType>(arg.type),
    })),
  }
}

function pick<Value>(
  values: Readonly<Record<string, Value>>,
  names: ReadonlySet<string>,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)))
}

function mapValues<Value, Result>(
  values: Readonly<Record<string, Value>>,
  map: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]))
}
