import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
} from 'graphql'
import { readMarkOf } from '../../../../src/engine/compiled/read-mark.ts'
import type { Model } from '../../../../src/engine/datamodel/model.ts'
import { askArgument, asVariable } from './ask-input.ts'
import { askPage } from './ask-page.ts'
import { type Asking, chance } from './asking.ts'
import { type Input, literalOf } from './input.ts'

/** The arguments of a field. */
export interface Arguments {
  /** With parentheses; empty where there are none. */
  readonly text: string
  /** What groups are to be grouped by. */
  readonly keys: readonly string[]
  /** The types that node ids name. */
  readonly types: readonly string[]
}

const pageNames: ReadonlySet<string> = new Set(['first', 'last', 'after', 'before', 'offset'])

/**
 * @param model whose rows the field gives, or is about
 * @param lists how many lists the field is in
 */
export function askArguments(
  asking: Asking,
  field: GraphQLField<unknown, unknown>,
  model: Model | null,
  lists: number,
): Arguments {
  const kind = readMarkOf(field)?.kind
  const isList = kind === 'list' || kind === 'toMany'
  const page = new Map(isList && model ? askPage(asking, model, lists) : [])
  const given = field.args.flatMap((arg): (readonly [string, Input])[] => {
    const known = page.get(arg.name) ?? knownArgument(asking, kind, arg, model)
    if (known) return [[arg.name, maybeVariable(asking, arg, known)]]
    if (isList && (pageNames.has(arg.name) || (arg.name === 'orderBy' && page.has('orderBy')))) return []
    if (!isNonNullType(arg.type) && !chance(asking, arg.name === 'having' ? 20 : 45)) return []
    return [[arg.name, askArgument(asking, arg, model)]]
  })
  const text = given.map(([name, value]) => `${name}: ${literalOf(value)}`).join(', ')
  const words = given.flatMap(([, value]) => wordsIn(asking, value))
  return {
    text: text === '' ? '' : `(${text})`,
    keys: kind === 'groups' ? words : [],
    types: kind === 'node' || kind === 'nodes' ? words.flatMap(typesIn) : [],
  }
}

/** An argument that is better made out of what there is. */
function knownArgument(
  asking: Asking,
  kind: string | undefined,
  { name, type }: GraphQLArgument,
  model: Model | null,
): Input | null {
  const { random } = asking
  if (kind === 'groups' && name === 'first' && chance(asking, 25))
    return { kind: 'value', value: random.one([0, 1, 2, 3, 5, 100, 100, 101, -1, null]) }
  return kind === 'unique' && model && chance(asking, 85) ? askKey(asking, type, model) : null
}

/** A unique key of a row that there is. */
function askKey({ random, knowledge }: Asking, type: GraphQLInputType, model: Model): Input | null {
  const named = getNamedType(type)
  const rows = knowledge.rowsOf(model)
  if (!isInputObjectType(named) || rows.length === 0) return null
  const row = random.one(rows)
  const { name, type: keyType } = random.one(Object.values(named.getFields()))
  const key = getNamedType(keyType)
  if (!isInputObjectType(key)) {
    const value = row[name] ?? null
    return value === null ? null : { kind: 'object', fields: [[name, columnInput(key, value)]] }
  }
  const parts = Object.values(key.getFields()).map((part): readonly [string, Input] => [
    part.name,
    columnInput(getNamedType(part.type), row[part.name] ?? null),
  ])
  return { kind: 'object', fields: [[name, { kind: 'object', fields: parts }]] }
}

function columnInput(type: GraphQLInputType, value: unknown): Input {
  return isEnumType(type) && typeof value === 'string'
    ? { kind: 'enum', name: value }
    : { kind: 'value', value }
}

/** All texts and names in an argument. */
function wordsIn(asking: Asking, input: Input): readonly string[] {
  switch (input.kind) {
    case 'enum':
      return [input.name]
    case 'list':
      return input.items.flatMap(item => wordsIn(asking, item))
    case 'object':
      return input.fields.flatMap(([, value]) => wordsIn(asking, value))
    default: {
      const value = input.kind === 'value' ? input.value : asking.parts.variables[input.name]
      return [value].flat().filter(item => typeof item === 'string')
    }
  }
}

/** The names of types in node ids. */
function typesIn(nodeId: string): readonly string[] {
  const text = Buffer.from(nodeId, 'base64url').toString()
  return /^\["(\w+)"/.exec(text)?.slice(1) ?? []
}

function maybeVariable(asking: Asking, { type }: GraphQLArgument, input: Input): Input {
  return chance(asking, 20) ? asVariable(asking, type, input) : input
}
