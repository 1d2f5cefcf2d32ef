import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isNonNullType,
} from 'graphql'
import type { Choices } from './choices.ts'
import { texts } from './values.ts'

/** What somebody who asks knows already. */
export interface Knowledge {
  /** Ids of rows, and texts that are none. */
  readonly nodeIds: readonly string[]
  /** Pages that were asked for before, by the type of the connection. */
  readonly pages: ReadonlyMap<string, readonly KnownPage[]>
}

/** The `orderBy` of a list as it is written in a document, and cursors of that order. */
export interface KnownPage {
  readonly orderBy: string
  readonly cursors: readonly string[]
}

interface Asking {
  readonly schema: GraphQLSchema
  readonly choices: Choices
  readonly knowledge: Knowledge
  /** Gives each field of the document another name. */
  nextName(): string
}

/** One root field of an operation, out of all that a schema offers; of a mutation with its errors. */
export function askOne(
  schema: GraphQLSchema,
  kind: 'query' | 'mutation',
  choices: Choices,
  knowledge: Knowledge,
): string | null {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType()
  if (!root) return null
  let names = 0
  const asking: Asking = { schema, choices, knowledge, nextName: () => `f${names++}` }
  const field = choices.one(Object.values(root.getFields()))
  return fieldText(asking, field, 4).replace(/^f\d+: /, '')
}

/** An `orderBy` of a list. */
export function askOrder(schema: GraphQLSchema, typeName: string, choices: Choices): string {
  const type = schema.getType(typeName)
  if (!isInputObjectType(type)) return '[]'
  const asking = { schema, choices, knowledge: { nodeIds: [], pages: new Map() }, nextName: () => '' }
  return inputText(asking, new GraphQLList(type), 4)
}

function fieldText(asking: Asking, field: GraphQLField<unknown, unknown>, depth: number): string {
  const type = getNamedType(field.type)
  const args = argumentsText(asking, field)
  const errors = /Payload$/.test(type.name) ? ' errors { code message path }' : ''
  const selection = isCompositeType(type) ? ` { ${selectionText(asking, type, depth - 1)}${errors} }` : ''
  return `${asking.nextName()}: ${field.name}${args}${selection}`
}

function selectionText(asking: Asking, type: GraphQLNamedType, depth: number): string {
  if (isInterfaceType(type)) return interfaceText(asking, type.name, depth)
  const all = Object.values((type as GraphQLObjectType).getFields())
  const possible = all.filter(field => depth > 0 || !isCompositeType(getNamedType(field.type)))
  if (possible.length === 0) return '__typename'
  const count = 1 + asking.choices.below(type.name.endsWith('Connection') ? 3 : 4)
  return Array.from({ length: count }, () => fieldText(asking, asking.choices.one(possible), depth)).join(' ')
}

function interfaceText(asking: Asking, name: string, depth: number): string {
  const type = asking.schema.getType(name)
  if (!isInterfaceType(type)) throw new Error(`${name} is no interface.`)
  const parts = asking.schema
    .getPossibleTypes(type)
    .map(possible => `... on ${possible.name} { ${selectionText(asking, possible, depth)} }`)
  const own = Object.keys(type.getFields()).join(' ')
  return `__typename ${own} ${parts.join(' ')}`
}

function argumentsText(asking: Asking, field: GraphQLField<unknown, unknown>): string {
  const { choices, knowledge } = asking
  const connection = getNamedType(field.type).name
  const known = knowledge.pages.get(connection) ?? []
  const page = known.length > 0 && choices.onceIn(3) ? pageText(asking, choices.one(known)) : []
  const rest = field.args.filter(
    arg => page.length === 0 || !['orderBy', 'after', 'before', 'first', 'last', 'offset'].includes(arg.name),
  )
  const given = rest.flatMap(arg => {
    if (!isNonNullType(arg.type) && !choices.onceIn(chance(arg))) return []
    return [`${arg.name}: ${inputText(asking, arg.type, 3)}`]
  })
  const all = [...page, ...given]
  return all.length > 0 ? `(${all.join(', ')})` : ''
}

/** An argument that can be left out is given once in so many times. */
function chance({ name }: GraphQLArgument): number {
  return name === 'where' || name === 'orderBy' ? 2 : name === 'after' || name === 'before' ? 40 : 4
}

/** A page behind or ahead of a row that was seen before. */
function pageText({ choices }: Asking, { orderBy, cursors }: KnownPage): string[] {
  const size = choices.below(4)
  const cursor = JSON.stringify(choices.one(cursors))
  const other = JSON.stringify(choices.one(cursors))
  const variants = [
    [`first: ${size}`, `after: ${cursor}`],
    [`last: ${size}`, `before: ${cursor}`],
    [`first: ${size}`, `before: ${cursor}`],
    [`last: ${size}`, `after: ${cursor}`],
    [`first: ${size}`, `after: ${cursor}`, `before: ${other}`],
    [`first: ${size}`, `after: ${cursor}`, 'offset: 1'],
  ]
  return [`orderBy: ${orderBy}`, ...choices.one(variants)]
}

function inputText(asking: Asking, type: GraphQLInputType, depth: number): string {
  const { choices } = asking
  if (type instanceof GraphQLNonNull) return inputText(asking, type.ofType, depth)
  if (type instanceof GraphQLList) {
    const count = depth <= 0 ? 1 : 1 + choices.below(2)
    return `[${Array.from({ length: count }, () => inputText(asking, type.ofType, depth)).join(', ')}]`
  }
  if (isEnumType(type)) return choices.one(type.getValues()).name
  if (isInputObjectType(type)) return objectText(asking, type, depth)
  return scalarText(asking, type.name)
}

function objectText(asking: Asking, type: GraphQLInputObjectType, depth: number): string {
  const { choices } = asking
  const fields = Object.values(type.getFields())
  const isKey = type.name.endsWith('UniqueInput') && type.getFields().id && !choices.onceIn(4)
  if (isKey) return `{id: ${scalarText(asking, 'Int')}}`
  const possible = fields.filter(field => depth > 0 || isLeaf(field))
  const required = type.isOneOf ? [] : fields.filter(field => isNeeded(type, field))
  const optional = possible.filter(field => !required.includes(field))
  const count = type.isOneOf ? 1 : required.length > 0 ? choices.below(2) : 1 + (choices.below(6) % 2)
  const chosen = optional.length === 0 ? [] : Array.from({ length: count }, () => choices.one(optional))
  const parts = [...new Set([...required, ...chosen])].map(
    field => `${field.name}: ${fieldValue(asking, field, depth - 1)}`,
  )
  return `{${parts.join(', ')}}`
}

/** A house has to have an owner, though there are two ways to say who. */
function isNeeded(parent: GraphQLInputObjectType, { type, name }: GraphQLInputField): boolean {
  return isNonNullType(type) || (name === 'ownerId' && /Create/.test(parent.name))
}

function isLeaf({ type }: GraphQLInputField): boolean {
  const named = getNamedType(type)
  if (!isInputObjectType(named)) return true
  return Object.values(named.getFields()).every(field => !isInputObjectType(getNamedType(field.type)))
}

/** Null stands for a value now and then, where the schema takes it. */
function fieldValue(asking: Asking, { type, name }: GraphQLInputField, depth: number): string {
  const takesNull = ['equals', 'not', 'is', 'isNot'].includes(name) && !isNonNullType(type)
  return takesNull && asking.choices.onceIn(5) ? 'null' : inputText(asking, type, depth)
}

function scalarText({ choices, knowledge }: Asking, name: string): string {
  switch (name) {
    case 'Int':
    case 'Float':
      return String(choices.one([1, 2, 3, 1, 2, 4, 5, 6, 0, 7]))
    case 'Boolean':
      return choices.one(['true', 'false'])
    case 'BigInt':
    case 'Decimal':
      return choices.one(['"1"', '"2"', '"3"', '"2.5"'].slice(0, name === 'BigInt' ? 3 : 4))
    case 'JSON':
      return choices.one(['1', '"a"', '{a: 1}', '[1]', '{a: {b: "x"}}', 'null'])
    case 'ID':
      return JSON.stringify(choices.one(knowledge.nodeIds))
    default:
      return JSON.stringify(
        choices.onceIn(3) ? `${choices.one(texts)}${choices.below(4)}` : choices.one(texts),
      )
  }
}
