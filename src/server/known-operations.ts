import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  type ValidationRule,
} from 'graphql'
import type { GraphQLParams } from 'graphql-yoga'
import { getOrCreate } from '../lib/get-or-create.ts'
import type { DocumentCache } from './document-cache.ts'

/** A query or a mutation of a document that was found valid before. */
export interface KnownOperation {
  readonly schema: GraphQLSchema
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

/** What a document was validated against: the schema that the caller has, and rules of the caller's own. */
export interface ValidatedAgainst {
  readonly schema: GraphQLSchema
  readonly rules: readonly ValidationRule[]
}

/** The operations that need no further look: their documents are parsed, and valid. */
export interface KnownOperations {
  /** Takes up a document that is valid. */
  add(document: DocumentNode, against: ValidatedAgainst): void
  /**
   * The operation that parameters mean; undefined where nobody has looked at its document yet, or where the parameters are
   * not as they should be.
   *
   * @param against asked only where the document is known at all
   */
  find(params: GraphQLParams, against: () => ValidatedAgainst): KnownOperation | undefined
}

/** By its name; the only one of a document also without. */
type Operations = ReadonlyMap<string | undefined, KnownOperation>

type OperationsOfSchema = WeakMap<GraphQLSchema, WeakMap<DocumentNode, Operations>>

/** Returns known operations of the documents that the cache holds; they are forgotten with them. */
export function createKnownOperations(documents: DocumentCache): KnownOperations {
  const known = new Map<string, OperationsOfSchema>()
  return {
    add(document, { schema, rules }) {
      if (hasIncrementalDelivery(schema)) return
      const ofSchema: OperationsOfSchema = getOrCreate(known, keyOf(rules), () => new WeakMap())
      getOrCreate(
        getOrCreate(ofSchema, schema, () => new WeakMap()),
        document,
        () => operationsOf(document, schema),
      )
    },
    find(params, against) {
      if (!isWellFormed(params)) return undefined
      const document = documents.get(params.query)
      if (!document) return undefined
      const { schema, rules } = against()
      return known
        .get(keyOf(rules))
        ?.get(schema)
        ?.get(document)
        ?.get(params.operationName ?? undefined)
    },
  }
}

function keyOf(rules: readonly ValidationRule[]): string {
  return rules.length === 0 ? '' : rules.map(({ name }) => name).join(',')
}

/** Answers that come in parts are Yoga's business. */
function hasIncrementalDelivery(schema: GraphQLSchema): boolean {
  return Boolean(schema.getDirective('defer') ?? schema.getDirective('stream'))
}

function operationsOf(document: DocumentNode, schema: GraphQLSchema): Operations {
  const all = document.definitions.filter(definition => definition.kind === Kind.OPERATION_DEFINITION)
  const known = all.flatMap(operation => (isSubscription(operation) ? [] : [{ schema, document, operation }]))
  const entries = known.map(entry => [entry.operation.name?.value, entry] as const)
  const [first] = known
  return new Map(all.length === 1 && first ? [...entries, [undefined, first]] : entries)
}

function isSubscription({ operation }: OperationDefinitionNode): boolean {
  return operation === OperationTypeNode.SUBSCRIPTION
}

const parameterNames: ReadonlySet<string> = new Set(['query', 'operationName', 'variables', 'extensions'])

/** Whether Yoga would take parameters as they are; what it refuses, and how, is left to it. */
function isWellFormed(params: GraphQLParams): params is GraphQLParams & { readonly query: string } {
  if (Array.isArray(params) || typeof params.query !== 'string') return false
  for (const name in params) if (!parameterNames.has(name)) return false
  return isObjectOrNothing(params.variables) && isObjectOrNothing(params.extensions)
}

function isObjectOrNothing(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && !Array.isArray(value))
}
