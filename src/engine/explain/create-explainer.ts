import type { GraphQLSchema } from 'graphql'
import { RefractError } from '../../errors.ts'
import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { keyFields } from '../operations/key.ts'
import { decodeNodeId } from '../operations/node-id.ts'
import { findByKeys } from '../operations/read/find-by-keys.ts'
import type { Scope } from '../operations/scope.ts'
import { fromJsonValue } from '../operations/value-codec.ts'
import { administrator, type Viewer } from '../policy/viewer.ts'
import type { ViewerAccess } from '../policy/viewer-access.ts'
import { explainQuery, type QueryExplanation } from './explain-query.ts'
import { explainRow, type RowExplanation } from './explain-row.ts'
import { createPolicyMatrix, type MatrixRow } from './policy-matrix.ts'

/** Says why a viewer sees what he or she sees. For the back-end developer, not for viewers: it tells what is hidden. */
export interface Explainer {
  /** @throws RefractError BAD_USER_INPUT for what is no query of the whole API */
  query(source: string, viewer: Viewer): Promise<QueryExplanation>
  /**
   * @param name a `nodeId`; or a model and its primary key: `Issue:42`, `Membership:{"teamId":"…","userId":"…"}`
   * @throws RefractError BAD_USER_INPUT for what names no row, NOT_FOUND for a row that is not there
   */
  row(name: string, viewer: Viewer): Promise<RowExplanation>
  matrix(viewers: readonly Viewer[]): readonly MatrixRow[]
}

export interface ExplainerOptions {
  readonly datamodel: Datamodel
  readonly schema: GraphQLSchema
  schemaFor(viewer: Viewer): GraphQLSchema
  accessOf(viewer: Viewer): ViewerAccess
  createScope(viewer: Viewer): Scope
  createContext(viewer: Viewer): unknown
}

export function createExplainer(options: ExplainerOptions): Explainer {
  const { datamodel, schema, schemaFor, accessOf, createScope, createContext } = options
  return {
    query: (source, viewer) =>
      explainQuery({
        source,
        schema,
        viewerSchema: schemaFor(viewer),
        scope: createScope(viewer),
        contextValue: createContext(administrator),
      }),
    row: async (name, viewer) => {
      const { model, key } = readName(datamodel, name)
      const names = keyFields(model).map(field => field.name)
      const [found] = await findByKeys(createScope(administrator), model, names, [key], {})
      if (!found) throw new RefractError('NOT_FOUND', `There is no ${model.name} with the key ${name}.`)
      return explainRow(createScope(viewer), model, key)
    },
    matrix: viewers => createPolicyMatrix(datamodel, viewers, accessOf),
  }
}

function readName(datamodel: Datamodel, name: string): { readonly model: Model; readonly key: Row } {
  const [, modelName = '', keyText = ''] = /^(\w+):(.+)$/s.exec(name) ?? []
  const model = datamodel.models.find(candidate => [candidate.name, candidate.typeName].includes(modelName))
  const found = model ? { model, key: readKey(datamodel, model, keyText) } : decodeNodeId(datamodel, name)
  if (found?.key) return { model: found.model, key: found.key }
  throw new RefractError(
    'BAD_USER_INPUT',
    `${JSON.stringify(name)} names no row. Expected a nodeId of the API, or a model and its primary key, such as Issue:42.`,
  )
}

/** `42`, or `{"teamId":"…","userId":"…"}`; null where it is no key of the model. */
function readKey(datamodel: Datamodel, model: Model, text: string): Row | null {
  const fields = model.primaryKey ? keyFields(model) : []
  const given = fields.length > 1 ? parseObject(text) : { [fields[0]?.name ?? '']: text }
  const entries = fields.map(field => {
    const value = given?.[field.name] ?? given?.[field.graphqlName]
    const json = field.scalar === 'Int' && typeof value === 'string' ? Number(value) : value
    return [field.name, fromJsonValue(datamodel, field, json)] as const
  })
  const isKey = entries.length > 0 && entries.every(([, value]) => value !== undefined && value !== null)
  return isKey ? Object.fromEntries(entries) : null
}

function parseObject(text: string): Row | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Row) : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
