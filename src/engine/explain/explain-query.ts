import {
  type DocumentNode,
  execute,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  Kind,
  OperationTypeNode,
  parse,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { RefractError } from '../../errors.ts'
import type { Model } from '../datamodel/model.ts'
import { nodeIdField } from '../datamodel/names.ts'
import { decodeNodeId } from '../operations/node-id.ts'
import type { Scope } from '../operations/scope.ts'
import { isNoRow } from '../policy/logic.ts'
import { explainRow, type RowExplanation } from './explain-row.ts'

/** A part of a query that the viewer's API does not have. */
export interface AbsentPart {
  /** `Query.issues`, `User.email`. */
  readonly coordinate: string
  readonly reason: string
}

export interface QueryExplanation {
  readonly absent: readonly AbsentPart[]
  /** The rows that an administrator would see, of which the viewer does not see all that the query asks. */
  readonly hidden: readonly RowExplanation[]
  /** How many rows an administrator would see. */
  readonly rowCount: number
}

export interface ExplainQueryOptions {
  readonly source: string
  /** The whole schema, and the part that the viewer has. */
  readonly schema: GraphQLSchema
  readonly viewerSchema: GraphQLSchema
  readonly scope: Scope
  /** The context of an administrator. */
  readonly contextValue: unknown
}

const maximumRows = 200
const idAlias = 'refractExplainedId'

/**
 * Explains a query: which of its parts the viewer's API does not have, and which rows and fields of the answer the policies
 * hide, with the rules that do. It runs the query as an administrator.
 *
 * @throws RefractError BAD_USER_INPUT for what is no query of the schema
 */
export async function explainQuery(options: ExplainQueryOptions): Promise<QueryExplanation> {
  const document = parseQuery(options)
  const found = await findRows(document, options)
  const hidden: RowExplanation[] = []
  for (const { model, key, fieldNames } of found.slice(0, maximumRows)) {
    const explanation = await explainRow(options.scope, model, key, fieldNames)
    const [read] = explanation.rules
    const isHidden = read?.holds === false || explanation.rules.slice(3).some(rule => !rule.holds)
    if (isHidden) hidden.push(explanation)
  }
  return { absent: findAbsent(document, options), hidden, rowCount: found.length }
}

function parseQuery({ source, schema }: ExplainQueryOptions): DocumentNode {
  const document = parse(source)
  const [fault] = validate(schema, document)
  if (fault) throw new RefractError('BAD_USER_INPUT', `The query does not fit the API: ${fault.message}`)
  const operations = document.definitions.filter(definition => definition.kind === Kind.OPERATION_DEFINITION)
  if (operations.length === 1 && operations[0]?.operation === OperationTypeNode.QUERY) return document
  throw new RefractError('BAD_USER_INPUT', 'Expected a document with exactly one query and no mutation.')
}

function findAbsent(document: DocumentNode, options: ExplainQueryOptions): readonly AbsentPart[] {
  const { schema, viewerSchema } = options
  const absent = new Map<string, string>()
  const typeInfo = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType()
        if (!parent || node.name.value.startsWith('__')) return undefined
        const type = viewerSchema.getType(parent.name)
        const isThere = type && 'getFields' in type && node.name.value in type.getFields()
        if (isThere) return undefined
        const coordinate = `${parent.name}.${node.name.value}`
        absent.set(coordinate, reasonOfAbsence(options, parent.name, node.name.value, typeInfo))
        // what is below it is gone with it
        return false
      },
    }),
  )
  return [...absent].map(([coordinate, reason]) => ({ coordinate, reason }))
}

function reasonOfAbsence(
  { scope }: ExplainQueryOptions,
  parentName: string,
  fieldName: string,
  typeInfo: TypeInfo,
): string {
  const modelOf = (typeName: string | undefined) =>
    scope.datamodel.models.find(
      model => model.typeName === typeName || `${model.typeName}Connection` === typeName,
    )
  const type = typeInfo.getType()
  const target = modelOf(type ? getNamedType(type).name : undefined)
  if (target && isNoRow(scope.access.of(target).read)) return describeRule(scope, target, 'read')
  const parent = modelOf(parentName)
  const field = parent?.fields.find(candidate => candidate.graphqlName === fieldName)
  if (!parent || !field) return 'It needs something that the viewer may not read.'
  if (isNoRow(scope.access.of(parent).read)) return describeRule(scope, parent, 'read')
  const { note } = scope.access.of(parent).fieldVerdict(field.name)
  return `${parent.name}.fields.${field.name}.read ${note ?? 'allows no row.'}`
}

function describeRule(scope: Scope, model: Model, operation: 'read'): string {
  const { note } = scope.access.of(model).verdict(operation)
  return `${model.name}.${operation} ${note ?? 'allows no row.'}`
}

interface FoundRow {
  readonly model: Model
  readonly key: Readonly<Record<string, unknown>>
  readonly fieldNames: ReadonlySet<string>
}

async function findRows(document: DocumentNode, options: ExplainQueryOptions): Promise<readonly FoundRow[]> {
  const { schema, scope, contextValue } = options
  const withIds = addIds(document, schema)
  const { data, errors } = await execute({ schema, document: withIds, contextValue })
  const [fault] = errors ?? []
  if (fault)
    throw new RefractError('BAD_USER_INPUT', `The query fails for an administrator too: ${fault.message}`)
  const rows = new Map<string, FoundRow>()
  const asked = selectedNames(document, schema)
  for (const nodeId of collectIds(data)) {
    const found = decodeNodeId(scope.datamodel, nodeId)
    if (!found || rows.has(nodeId)) continue
    const names = asked.get(found.model.typeName) ?? new Set()
    const fieldNames = found.model.fields
      .filter(field => names.has(field.graphqlName))
      .map(field => field.name)
    rows.set(nodeId, { ...found, fieldNames: new Set(fieldNames) })
  }
  return [...rows.values()]
}

/** Asks every row that has one for its id. */
function addIds(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const typeInfo = new TypeInfo(schema)
  const idField: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: nodeIdField },
    alias: { kind: Kind.NAME, value: idAlias },
  }
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      SelectionSet: {
        leave(node) {
          const type = typeInfo.getParentType() as GraphQLObjectType | undefined
          const hasId =
            type && isCompositeType(type) && 'getFields' in type && nodeIdField in type.getFields()
          return hasId ? { ...node, selections: [...node.selections, idField] } : undefined
        },
      },
    }),
  )
}

/** The fields that a document asks of each type. */
function selectedNames(
  document: DocumentNode,
  schema: GraphQLSchema,
): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>()
  const typeInfo = new TypeInfo(schema)
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field(node) {
        const parent = typeInfo.getParentType()
        if (!parent) return
        const known = names.get(parent.name) ?? new Set()
        names.set(parent.name, known.add(node.name.value))
      },
    }),
  )
  return names
}

function collectIds(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(collectIds)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, item]) =>
    name === idAlias && typeof item === 'string' ? [item] : collectIds(item),
  )
}
