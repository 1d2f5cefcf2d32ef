import {
  type DirectiveNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Fragments } from '../document/measure-selection.ts'
import type { Condition } from './amount.ts'
import { readVariable } from './read-argument.ts'

/** A field of the answer: what selects it, and when. */
export interface CollectedField {
  /** The type that the selection is written for. */
  readonly type: GraphQLCompositeType
  /** More than one where the document says it several times; they are merged. */
  readonly nodes: readonly FieldNode[]
  readonly condition: Condition | undefined
}

export interface CollectOptions {
  readonly schema: GraphQLSchema
  readonly fragments: Fragments
  readonly operation: OperationDefinitionNode
}

interface Collecting extends CollectOptions {
  readonly collected: Map<string, CollectedField & { readonly nodes: FieldNode[] }>
  readonly spread: Set<string>
}

/**
 * Returns the fields that selections on a type ask for, merged as for the answer: what two fragments both select is
 * read once. A field that depends on `@skip` or `@include` with a variable stays by itself, since only the request knows.
 */
export function collectFields(
  type: GraphQLCompositeType,
  selectionSets: readonly SelectionSetNode[],
  options: CollectOptions,
): readonly CollectedField[] {
  const collecting: Collecting = { ...options, collected: new Map(), spread: new Set() }
  for (const selectionSet of selectionSets) collectFrom(selectionSet, type, undefined, collecting)
  return [...collecting.collected.values()]
}

function collectFrom(
  selectionSet: SelectionSetNode,
  type: GraphQLCompositeType,
  outer: Condition | undefined,
  collecting: Collecting,
): void {
  for (const selection of selectionSet.selections) {
    const own = readCondition(selection, collecting.operation)
    if (own === false) continue
    const condition = both(outer, own === true ? undefined : own)
    if (selection.kind === Kind.FIELD) addField(selection, type, condition, collecting)
    else if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = findType(selection.typeCondition?.name.value, type, collecting)
      collectFrom(selection.selectionSet, inner, condition, collecting)
    } else collectFragment(selection.name.value, type, condition, collecting)
  }
}

function collectFragment(
  name: string,
  type: GraphQLCompositeType,
  condition: Condition | undefined,
  collecting: Collecting,
): void {
  const fragment = collecting.fragments.get(name)
  if (!fragment || (condition === undefined && collecting.spread.has(name))) return
  if (condition === undefined) collecting.spread.add(name)
  const inner = findType(fragment.typeCondition.name.value, type, collecting)
  collectFrom(fragment.selectionSet, inner, condition, collecting)
}

function addField(
  node: FieldNode,
  type: GraphQLCompositeType,
  condition: Condition | undefined,
  { collected }: Collecting,
): void {
  const name = node.alias?.value ?? node.name.value
  const key = condition === undefined ? `${type.name} ${name}` : `${collected.size}`
  const known = collected.get(key)
  if (known) known.nodes.push(node)
  else collected.set(key, { type, nodes: [node], condition })
}

function findType(
  name: string | undefined,
  outer: GraphQLCompositeType,
  { schema }: Collecting,
): GraphQLCompositeType {
  // what applies to an object at all is selected on the object
  const type = name === undefined || isObjectType(outer) ? outer : schema.getType(name)
  return isCompositeType(type) ? type : outer
}

/** The value of `if` with which a directive selects. */
const selectingValues: ReadonlyMap<string, boolean> = new Map([
  ['include', true],
  ['skip', false],
])

/** What `@skip` and `@include` say: always, never, or a question to the variables. */
function readCondition(selection: SelectionNode, operation: OperationDefinitionNode): Condition | boolean {
  let condition: Condition | undefined
  for (const directive of selection.directives ?? []) {
    const expected = selectingValues.get(directive.name.value)
    if (expected === undefined) continue
    const value = readIf(directive)
    if (value?.kind === Kind.BOOLEAN && value.value !== expected) return false
    if (value?.kind !== Kind.VARIABLE) continue
    const name = value.name.value
    condition = both(condition, variables => readVariable(name, variables, operation) === expected)
  }
  return condition ?? true
}

function readIf(directive: DirectiveNode) {
  return directive.arguments?.find(({ name }) => name.value === 'if')?.value
}

function both(left: Condition | undefined, right: Condition | undefined): Condition | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return variables => left(variables) && right(variables)
}
