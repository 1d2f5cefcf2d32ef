import { GraphQLList, type GraphQLSchema, isInputObjectType, parse, validate } from 'graphql'
import type { Model } from '../../../../src/engine/datamodel/model.ts'
import type { Datamodel } from '../../../../src/engine/index.ts'
import { createRandom, type Random } from '../../../support/random.ts'
import { askInput } from './ask-input.ts'
import { askSelection, type Place } from './ask-selection.ts'
import { type Asking, chance, type Operation, OperationParts } from './asking.ts'
import { type Input, isWritable } from './input.ts'
import type { Knowledge } from './knowledge.ts'

export interface OperationSource {
  /** The viewer's. */
  readonly schema: GraphQLSchema
  readonly datamodel: Datamodel
  readonly knowledge: Knowledge
}

/** A valid query of one root field or a few, out of all that a schema offers: the same for the same seed. */
export function askOperation(source: OperationSource, seed: number): Operation {
  const random = createRandom(seed)
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const operation = tryOperation({ ...source, random, parts: new OperationParts(30) })
    if (operation && isValid(source.schema, operation)) return operation
  }
  throw new Error(`No valid query was found for seed ${seed}.`)
}

const mostAttempts = 50

function tryOperation(asking: Asking): Operation | null {
  const { schema, parts } = asking
  const root = schema.getQueryType()
  if (!root) return null
  const place: Place = { depth: 6, lists: 0, model: null, keys: [], types: [], isShared: false }
  const selection = askRoot(asking, place)
  const declared = parts.declarations.length > 0 ? ` (${parts.declarations.join(', ')})` : ''
  const texts = parts.fragments.map(({ text }) => text)
  const isOneOfTwo = chance(asking, 3)
  const head = declared === '' && !isOneOfTwo && chance(asking, 50) ? '' : `query Main${declared} `
  const rest = isOneOfTwo ? ['query Other { __typename }', ...texts] : texts
  return {
    source: [`${head}{ ${selection} }`, ...rest].join('\n'),
    variables: parts.variables,
    operationName: isOneOfTwo ? 'Main' : undefined,
  }
}

function askRoot(asking: Asking, place: Place): string {
  const root = asking.schema.getQueryType()
  if (!root) throw new Error('The schema has no queries.')
  return askSelection(asking, root, place)
}

function isValid(schema: GraphQLSchema, { source }: Operation): boolean {
  return validate(schema, parse(source, { noLocation: true })).length === 0
}

/** An `orderBy` of a model's list that a document can have; null for none. */
export function askOrder(source: OperationSource, model: Model, random: Random): Input | null {
  const type = source.schema.getType(`${model.typeName}Order`)
  if (!isInputObjectType(type) || random.onceIn(5)) return null
  const asking: Asking = { ...source, random, parts: new OperationParts(0) }
  const place = { model, column: null, isSum: false, depth: 3, isConstant: true }
  const order = askInput(asking, new GraphQLList(type), place)
  return isWritable(order) ? order : null
}
