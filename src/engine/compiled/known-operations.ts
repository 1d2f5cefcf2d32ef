import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  visit,
} from 'graphql'
import type { ReadPlan } from './plan/plan.ts'
import { planOperation } from './plan/plan-operation.ts'

/** An operation of a document as it is known for one schema. */
export interface KnownOperation {
  readonly definition: OperationDefinitionNode
  /** Its plan with these values of its variables; null where it has fields that only resolvers know. */
  planFor(variables: Readonly<Record<string, unknown>>): ReadPlan | null
}

/** Each variable that `@include` and `@skip` look at doubles the plans of an operation; more are made anew each time. */
const mostPlans = 32

/** Finds operations again. What is known of them lives as long as their document and their schema. */
export function createKnownOperations(): (
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
) => KnownOperation | null {
  const documents = new WeakMap<DocumentNode, WeakMap<GraphQLSchema, Map<string, KnownOperation | null>>>()
  return (schema, document, operationName) => {
    const schemas =
      documents.get(document) ?? new WeakMap<GraphQLSchema, Map<string, KnownOperation | null>>()
    const operations = schemas.get(schema) ?? new Map<string, KnownOperation | null>()
    documents.set(document, schemas)
    schemas.set(schema, operations)
    const name = operationName ?? ''
    const known = operations.get(name)
    if (known !== undefined) return known
    const definition = findOperation(document, operationName)
    const made = definition ? createKnownOperation(schema, document, definition) : null
    // names that the document does not have are nobody's business
    if (definition) operations.set(name, made)
    return made
  }
}

function findOperation(
  { definitions }: DocumentNode,
  name: string | null | undefined,
): OperationDefinitionNode | undefined {
  const operations = definitions.filter(
    (definition): definition is OperationDefinitionNode => definition.kind === 'OperationDefinition',
  )
  if (name) return operations.find(operation => operation.name?.value === name)
  return operations.length === 1 ? operations[0] : undefined
}

function createKnownOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  definition: OperationDefinitionNode,
): KnownOperation | null {
  if (definition.operation === 'subscription') return null
  const fragments: Record<string, FragmentDefinitionNode> = {}
  for (const item of document.definitions)
    if (item.kind === 'FragmentDefinition') fragments[item.name.value] = item
  const names = conditionVariables(document)
  const plans = new Map<string, ReadPlan | null>()
  return {
    definition,
    planFor: variables => {
      // what the resolvers' way refuses, where it gets there
      if (names.some(name => typeof variables[name] !== 'boolean')) return null
      const key = names.map(name => (variables[name] === true ? '1' : '0')).join('')
      const known = plans.get(key)
      if (known !== undefined) return known
      const conditions = Object.fromEntries(names.map(name => [name, variables[name] === true]))
      const made = planOperation(schema, definition, fragments, conditions)
      if (plans.size < mostPlans) plans.set(key, made)
      return made
    },
  }
}

/** The variables that decide which fields are asked for. */
function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>()
  visit(document, {
    Directive: ({ name, arguments: given = [] }) => {
      if (name.value !== 'include' && name.value !== 'skip') return
      for (const { value } of given) if (value.kind === 'Variable') names.add(value.name.value)
    },
  })
  return [...names]
}
