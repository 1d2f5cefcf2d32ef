import {
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  NoUnusedFragmentsRule,
  NoUnusedVariablesRule,
  parse,
  print,
  specifiedRules,
  validate,
  visit,
} from 'graphql'
import type { Operation } from './asking.ts'

/** What can be left out of a document, if it is valid without. */
const removable: ReadonlySet<string> = new Set([
  'FragmentDefinition',
  'Field',
  'InlineFragment',
  'FragmentSpread',
  'Argument',
  'Directive',
  'ObjectField',
  'VariableDefinition',
])

/** Leaves out of an operation whatever can be left out while it fails, one part after the other. */
export async function shrink(
  schema: GraphQLSchema,
  operation: Operation,
  fails: (operation: Operation) => Promise<boolean>,
): Promise<Operation> {
  let [best, isSmaller] = [operation, true]
  while (isSmaller) {
    isSmaller = false
    const document = parse(best.source, { noLocation: true })
    for (const part of partsOf(document)) {
      const smaller = without(schema, best, document, part)
      if (!smaller || !(await fails(smaller))) continue
      ;[best, isSmaller] = [smaller, true]
      break
    }
  }
  return best
}

function partsOf(document: DocumentNode): readonly ASTNode[] {
  const parts: ASTNode[] = []
  visit(document, {
    enter: (node, _key, parent) => {
      const isItem = Array.isArray(parent) && parent.length > 1
      if (removable.has(node.kind) || (isItem && /Value$/.test(node.kind))) parts.push(node)
    },
  })
  return parts
}

const rules = specifiedRules.filter(rule => rule !== NoUnusedVariablesRule && rule !== NoUnusedFragmentsRule)

function without(
  schema: GraphQLSchema,
  { variables, operationName }: Operation,
  document: DocumentNode,
  part: ASTNode,
): Operation | null {
  const smaller = visit(document, { enter: node => (node === part ? null : undefined) })
  const source = print(smaller)
  try {
    if (validate(schema, parse(source), rules).length > 0) return null
  } catch {
    return null // nothing is left of a selection
  }
  return { source, variables, operationName }
}
