import {
  type ExecutionArgs,
  type ExecutionResult,
  type FieldNode,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  TypeNameMetaFieldDef,
} from 'graphql'

/**
 * The result of an operation that only asks for the name of its type, as those do that look whether the API answers; undefined
 * for any other. Nothing has to be made for it: no context, and no work whose statements Node would follow.
 */
export function answerTypeName({
  schema,
  document,
  operationName,
}: ExecutionArgs): ExecutionResult | undefined {
  const operation = getOperationAST(document, operationName)
  const fields = operation && typeNames(operation)
  const type = fields && schema.getRootType(operation.operation)
  if (!type) return undefined
  // not by assignment: a name may be __proto__
  return { data: Object.fromEntries(fields.map(({ alias, name }) => [(alias ?? name).value, type.name])) }
}

/** Variables may be wrong, and directives may leave something out: both are left to the executor. */
function typeNames({
  variableDefinitions,
  selectionSet,
}: OperationDefinitionNode): readonly FieldNode[] | undefined {
  const { selections } = selectionSet
  return !variableDefinitions?.length && selections.every(isTypeName) ? selections : undefined
}

function isTypeName(selection: SelectionNode): selection is FieldNode {
  return (
    selection.kind === Kind.FIELD &&
    selection.name.value === TypeNameMetaFieldDef.name &&
    !selection.directives?.length
  )
}
