import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { readMarkOf } from '../../../../src/engine/compiled/read-mark.ts'
import type { Model } from '../../../../src/engine/datamodel/model.ts'
import { askArgument, asVariable } from './ask-input.ts'
import { askPage } from './ask-page.ts'
import { type Asking, chance } from './asking.ts'
import { type Input, literalOf } from './input.ts'

/** Where in an operation a selection is. */
export interface Place {
  /** How deep it may still go. */
  readonly depth: number
  /** How many lists it is in. */
  readonly lists: number
  readonly model: Model | null
  /** Of a group: what was grouped by. */
  readonly keys: readonly string[]
  /** What is next to it could have another field under the same name. */
  readonly isShared: boolean
}

type Field = GraphQLField<unknown, unknown>

/** The fields of an object, and fragments with them. */
export function askSelection(asking: Asking, type: GraphQLObjectType, place: Place): string {
  const isRoot = type === asking.schema.getQueryType()
  const most = isRoot ? (chance(asking, 70) ? 1 : 3) : type.name.endsWith('Connection') ? 3 : 5
  const count = 1 + asking.random.below(most)
  const items = Array.from({ length: count }, () => askItem(asking, type, place))
  return wrapped(asking, type, items, place).join(' ')
}

function askItem(asking: Asking, type: GraphQLObjectType, place: Place): string {
  const { parts, random, schema } = asking
  if (chance(asking, 5)) return `${aliasOf(asking, place, 30)}__typename${directives(asking)}`
  const known = parts.fragments.filter(({ typeName }) => typeName === type.name)
  if (known.length > 0 && !place.isShared && chance(asking, 20))
    return `...${random.one(known).name}${directives(asking)}`
  if (chance(asking, 3) && type.getInterfaces().length > 0) return interfaceItem(asking, type)
  const all = Object.values(type.getFields()).filter(field => isPossible(asking, field, place))
  if (all.length === 0) return '__typename'
  const generated = all.filter(field => isGenerated(field, type))
  const isOwn = generated.length === 0 || chance(asking, schema.getQueryType() === type ? 1 : 2)
  const keyed = generated.filter(({ name }) => place.keys.includes(name))
  if (keyed.length > 0 && chance(asking, 75)) return askField(asking, random.one(keyed), place)
  return askField(asking, random.one(isOwn ? all : generated), place)
}

/** Objects whose fields are known by their names. */
const plainTypes: ReadonlySet<string> = new Set(['PageInfo', 'ViewerCan', 'Viewer'])

function isGenerated(field: Field, { name }: GraphQLObjectType): boolean {
  return plainTypes.has(name) || readMarkOf(field) !== undefined
}

function isPossible({ parts }: Asking, { type }: Field, { depth }: Place): boolean {
  return !isCompositeType(getNamedType(type)) || (depth > 0 && parts.fieldsLeft > 0)
}

function interfaceItem(asking: Asking, type: GraphQLObjectType): string {
  const [node] = type.getInterfaces()
  if (!node) return '__typename'
  const names = Object.keys(node.getFields())
  return `... on ${node.name}${directives(asking)} { ${['__typename', ...names].join(' ')} }`
}

/** A part of the selection in a fragment: of the type or of none, here or at the end of the document. */
function wrapped(
  asking: Asking,
  { name: typeName }: GraphQLObjectType,
  items: readonly string[],
  { isShared }: Place,
): readonly string[] {
  const { parts, random } = asking
  if (!chance(asking, 12)) return items
  const start = random.below(items.length)
  const [before, inside] = [items.slice(0, start), items.slice(start).join(' ')]
  if (isShared || chance(asking, 50)) {
    const condition = chance(asking, 70) ? ` on ${typeName}` : ''
    return [...before, `...${condition}${directives(asking)} { ${inside} }`]
  }
  const name = parts.nextName('Part')
  parts.fragments.push({ name, typeName, text: `fragment ${name} on ${typeName} { ${inside} }` })
  return [...before, `...${name}${directives(asking)}`]
}

export function askField(asking: Asking, field: Field, place: Place): string {
  asking.parts.fieldsLeft -= 1
  const type = getNamedType(field.type)
  const model = modelOf(asking, field) ?? place.model
  const { text, keys } = askArguments(asking, field, model, place.lists)
  const alias = aliasOf(asking, place, field.args.length > 0 ? 90 : 25)
  const head = `${alias}${field.name}${text}`
  if (!isCompositeType(type)) return `${head}${directives(asking)}`
  const isList = ['list', 'toMany', 'groups', 'nodes'].includes(readMarkOf(field)?.kind ?? '')
  const inner: Place = {
    depth: place.depth - 1,
    lists: place.lists + (isList ? 1 : 0),
    model,
    keys: field.name === 'key' ? place.keys : keys,
    isShared: false,
  }
  const ask = () =>
    isObjectType(type)
      ? askSelection(asking, type, inner)
      : askInterface(asking, type as GraphQLInterfaceType, inner)
  // the same field once more, with more below it
  const again = alias !== '' && !isInterfaceType(type) && chance(asking, 8) ? ` ${head} { ${ask()} }` : ''
  return `${head}${directives(asking)} { ${ask()} }${again}`
}

/** The model whose rows a field gives, or whose rows a filter is about. */
function modelOf({ datamodel }: Asking, field: Field): Model | null {
  const mark = readMarkOf(field)
  if (mark?.kind === 'list' || mark?.kind === 'unique') return mark.model
  return mark?.kind === 'toMany' || mark?.kind === 'toOne' ? datamodel.model(mark.field.target) : null
}

function aliasOf(asking: Asking, { isShared }: Place, percent: number): string {
  return isShared || chance(asking, percent) ? `${asking.parts.nextName('f')}: ` : ''
}

function askInterface(asking: Asking, type: GraphQLInterfaceType, place: Place): string {
  const { schema, random, datamodel } = asking
  const possible = schema.getPossibleTypes(type)
  const chosen = Array.from({ length: 1 + random.below(3) }, () => random.one(possible))
  const parts = chosen.map(object => {
    const model = datamodel.models.find(({ typeName }) => typeName === object.name) ?? null
    const text = askSelection(asking, object, { ...place, model, isShared: true })
    return `... on ${object.name}${directives(asking)} { ${text} }`
  })
  const own = random.one(['__typename', 'nodeId', '__typename nodeId', `... on ${type.name} { nodeId }`])
  return [own, ...parts].join(' ')
}

interface Arguments {
  readonly text: string
  /** What groups are to be grouped by. */
  readonly keys: readonly string[]
}

const pageNames: ReadonlySet<string> = new Set(['first', 'last', 'after', 'before', 'offset'])

function askArguments(asking: Asking, field: Field, model: Model | null, lists: number): Arguments {
  const kind = readMarkOf(field)?.kind
  const isList = kind === 'list' || kind === 'toMany'
  const page = new Map(isList && model ? askPage(asking, model, lists) : [])
  let keys: readonly string[] = []
  const given = field.args.flatMap((arg): (readonly [string, Input])[] => {
    const known = page.get(arg.name)
    if (known) return [[arg.name, maybeVariable(asking, arg, known)]]
    if (isList && (pageNames.has(arg.name) || (arg.name === 'orderBy' && page.has('orderBy')))) return []
    if (kind === 'groups' && arg.name === 'first')
      return chance(asking, 25) ? [[arg.name, maybeVariable(asking, arg, groupCount(asking))]] : []
    if (!isNonNullType(arg.type) && !chance(asking, chanceOf(arg))) return []
    const input = askArgument(asking, arg, model)
    if (kind === 'groups' && arg.name === 'by') keys = namesIn(input)
    return [[arg.name, input]]
  })
  const text = given.map(([name, value]) => `${name}: ${literalOf(value)}`).join(', ')
  return { text: text === '' ? '' : `(${text})`, keys }
}

function groupCount({ random }: Asking): Input {
  return { kind: 'value', value: random.one([0, 1, 2, 3, 5, 100, 101, -1, null]) }
}

function chanceOf({ name }: GraphQLArgument): number {
  return name === 'having' ? 20 : 45
}

function namesIn(input: Input): readonly string[] {
  if (input.kind === 'list') return input.items.flatMap(namesIn)
  return input.kind === 'enum' ? [input.name] : []
}

function maybeVariable(asking: Asking, { type }: GraphQLArgument, input: Input): Input {
  return input.kind !== 'variable' && chance(asking, 20) ? asVariable(asking, type, input) : input
}

function directives(asking: Asking): string {
  if (!chance(asking, 6)) return ''
  const condition = () => {
    if (chance(asking, 40)) return String(asking.random.onceIn(2))
    const { parts, random } = asking
    const name = parts.nextName('b')
    const value = random.onceIn(2)
    const form = random.below(8)
    if (form < 5) {
      parts.declarations.push(`$${name}: Boolean!`)
      parts.variables[name] = value
    } else {
      parts.declarations.push(`$${name}: Boolean = ${value}`)
      if (form > 5) parts.variables[name] = form === 6 ? !value : chance(asking, 30) ? null : value
    }
    return `$${name}`
  }
  const both = chance(asking, 10)
  const name = asking.random.one(['include', 'skip'])
  return both ? ` @skip(if: ${condition()}) @include(if: ${condition()})` : ` @${name}(if: ${condition()})`
}
