import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import { readMarkOf } from '../../../../src/engine/compiled/read-mark.ts'
import type { Model } from '../../../../src/engine/datamodel/model.ts'
import { askArguments } from './ask-arguments.ts'
import { type Asking, chance } from './asking.ts'
import { hasExactSum } from './knowledge.ts'

/** Where in an operation a selection is. */
export interface Place {
  /** How deep it may still go. */
  readonly depth: number
  /** How many lists it is in. */
  readonly lists: number
  readonly model: Model | null
  /** Of a group: what was grouped by. */
  readonly keys: readonly string[]
  /** Of a node: the types that it could well be of. */
  readonly types: readonly string[]
  /** What is next to it could have another field under the same name. */
  readonly isShared: boolean
}

type Field = GraphQLField<unknown, unknown>

/** The fields of an object, and fragments with them. */
export function askSelection(asking: Asking, type: GraphQLObjectType, place: Place): string {
  const isRoot = type === asking.schema.getQueryType()
  const most = isRoot ? (chance(asking, 70) ? 1 : 3) : type.name.endsWith('Connection') ? 3 : 5
  const count = 1 + asking.random.below(most)
  const used = new Set<string>()
  const items = Array.from({ length: count }, () => askItem(asking, type, place, used))
  return wrapped(asking, type, items, place).join(' ')
}

/** @param used the fields that the selection has already, of which few are asked for once more */
function askItem(asking: Asking, type: GraphQLObjectType, place: Place, used: Set<string>): string {
  const { parts, random } = asking
  if (chance(asking, 5)) return `${aliasOf(asking, place, 30)}__typename${directives(asking)}`
  const known = parts.fragments.filter(({ typeName }) => typeName === type.name)
  if (known.length > 0 && !place.isShared && chance(asking, 20))
    return `...${random.one(known).name}${directives(asking)}`
  if (chance(asking, 3) && type.getInterfaces().length > 0) return interfaceItem(asking, type)
  const all = Object.values(type.getFields()).filter(field => isPossible(asking, field, place))
  if (all.length === 0) return '__typename'
  const field = chooseField(asking, type, all, place)
  if (used.has(field.name) && field.args.length === 0 && !chance(asking, 15)) return '__typename'
  used.add(field.name)
  return askField(asking, field, place)
}

function chooseField(asking: Asking, type: GraphQLObjectType, all: readonly Field[], { keys }: Place): Field {
  const { random, schema } = asking
  const isRoot = schema.getQueryType() === type
  const generated = all.filter(field => isGenerated(field, type))
  if (generated.length === 0 || chance(asking, isRoot ? 1 : 2)) return random.one(all)
  const better = generated.filter(field =>
    isRoot ? readMarkOf(field)?.kind === 'list' : keys.includes(field.name),
  )
  return random.one(better.length > 0 && chance(asking, isRoot ? 60 : 75) ? better : generated)
}

/** Objects whose fields are known by their names. */
const plainTypes: ReadonlySet<string> = new Set(['PageInfo', 'ViewerCan', 'Viewer'])

function isGenerated(field: Field, { name }: GraphQLObjectType): boolean {
  return plainTypes.has(name) || readMarkOf(field) !== undefined
}

function isPossible({ parts, knowledge }: Asking, field: Field, { depth, model }: Place): boolean {
  const { type } = field
  const mark = readMarkOf(field)
  const isSum = mark?.kind === 'aggregateValue' && (mark.by === 'sum' || mark.by === 'avg')
  if (isSum && model && !hasExactSum(knowledge, model, mark.field)) return false
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
  const { text, keys, types } = askArguments(asking, field, model, place.lists)
  const alias = aliasOf(asking, place, field.args.length > 0 ? 90 : 25)
  const head = `${alias}${field.name}${text}`
  if (!isCompositeType(type)) return `${head}${directives(asking)}`
  const isList = ['list', 'toMany', 'groups', 'nodes'].includes(readMarkOf(field)?.kind ?? '')
  const inner: Place = {
    depth: place.depth - 1,
    lists: place.lists + (isList ? 1 : 0),
    model,
    keys: field.name === 'key' ? place.keys : keys,
    types,
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
  const likely = possible.filter(({ name }) => place.types.includes(name))
  const choose = () => random.one(likely.length > 0 && chance(asking, 60) ? likely : possible)
  const chosen = Array.from({ length: 1 + random.below(3) }, choose)
  const parts = chosen.map(object => {
    const model = datamodel.models.find(({ typeName }) => typeName === object.name) ?? null
    const text = askSelection(asking, object, { ...place, model, isShared: true })
    return `... on ${object.name}${directives(asking)} { ${text} }`
  })
  const own = random.one(['__typename', 'nodeId', '__typename nodeId', `... on ${type.name} { nodeId }`])
  return [own, ...parts].join(' ')
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
      if (form > 5) parts.variables[name] = form === 6 ? !value : chance(asking, 10) ? null : value
    }
    return `$${name}`
  }
  const both = chance(asking, 10)
  const name = asking.random.one(['include', 'skip'])
  return both ? ` @skip(if: ${condition()}) @include(if: ${condition()})` : ` @${name}(if: ${condition()})`
}
