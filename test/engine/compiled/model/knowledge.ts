import { execute, type GraphQLSchema, getNamedType, isLeafType, isObjectType, parse } from 'graphql'
import type { Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { administrator, type Engine } from '../../../../src/engine/index.ts'
import type { Input } from './input.ts'
import { literalOf } from './input.ts'

type Values = Readonly<Record<string, unknown>>

/** What somebody who asks has seen of a database. */
export interface Knowledge {
  /** Values that a column has, as the API writes them; of a list the items. */
  valuesOf(model: Model, field: ScalarField): readonly unknown[]
  /** Rows as the API writes them. */
  rowsOf(model: Model): readonly Values[]
  /** The ids of rows. */
  readonly nodeIds: readonly string[]
  /** Pages of a model's lists. */
  pagesOf(model: Model): readonly KnownPage[]
}

/** The `orderBy` of a list, and the cursors that an answer had in this order. */
export interface KnownPage {
  readonly orderBy: Input | null
  readonly cursors: readonly string[]
}

/** Looks at the first rows of every model, as the administrator. */
export async function lookAround(engine: Engine): Promise<Knowledge> {
  const values = new Map<ScalarField, readonly unknown[]>()
  const nodeIds: string[] = []
  const known = new Map<Model, readonly Values[]>()
  for (const model of engine.datamodel.models) {
    const rows = await askRows(engine, model)
    known.set(model, rows)
    for (const field of model.scalars) {
      const all = rows.flatMap(row => row[field.graphqlName] ?? []).filter(value => value !== null)
      values.set(field, [...new Map(all.map(value => [JSON.stringify(value), value])).values()])
    }
    nodeIds.push(...rows.flatMap(row => (typeof row.nodeId === 'string' ? [row.nodeId] : [])).slice(0, 12))
  }
  return {
    valuesOf: (_, field) => values.get(field) ?? [],
    rowsOf: model => known.get(model) ?? [],
    nodeIds,
    pagesOf: () => [],
  }
}

/** Whether the values of a column, as far as they are known, have a sum that is not rounded on the way. */
export function hasExactSum(knowledge: Knowledge, model: Model, field: ScalarField): boolean {
  if (field.scalar !== 'Float') return true
  return knowledge
    .valuesOf(model, field)
    .every(value => Number.isInteger(Number(value) * 1_024) && Math.abs(Number(value)) < 2 ** 30)
}

/** The same with pages of lists in some orders. */
export async function withPages(
  engine: Engine,
  knowledge: Knowledge,
  orders: readonly (readonly [model: Model, orderBy: Input | null])[],
): Promise<Knowledge> {
  const pages = new Map<Model, KnownPage[]>()
  for (const [model, orderBy] of orders) {
    const given = orderBy ? `(orderBy: ${literalOf(orderBy)})` : ''
    const list = await ask(engine, `{ list: ${model.plural}${given} { edges { cursor } } }`)
    const edges = (list?.edges ?? []) as readonly { readonly cursor: string }[]
    if (edges.length === 0) continue
    pages.set(model, [...(pages.get(model) ?? []), { orderBy, cursors: edges.map(({ cursor }) => cursor) }])
  }
  return { ...knowledge, pagesOf: model => pages.get(model) ?? [] }
}

/** All leaves of the first rows at once, or, where there is a value that cannot be printed, each that can. */
async function askRows(engine: Engine, model: Model): Promise<readonly Values[]> {
  const names = leavesOf(engine.schema, model.typeName)
  const read = async (fields: readonly string[]) => {
    const list = await ask(engine, `{ list: ${model.plural}(first: 100) { nodes { ${fields.join(' ')} } } }`)
    return list?.nodes as readonly Values[] | undefined
  }
  const rows = await read(names)
  if (rows) return rows
  const columns = await Promise.all(names.map(name => read([name])))
  const most = columns.find(column => column !== undefined) ?? []
  return most.map((_, index) => Object.assign({}, ...columns.map(column => column?.[index])))
}

function leavesOf(schema: GraphQLSchema, typeName: string): readonly string[] {
  const type = schema.getType(typeName)
  if (!isObjectType(type)) return []
  return Object.values(type.getFields())
    .filter(field => isLeafType(getNamedType(field.type)) && field.args.length === 0)
    .map(({ name }) => name)
}

/** Answered by the resolvers; null where there are errors. */
async function ask({ schema, createContext }: Engine, source: string): Promise<Values | null> {
  const contextValue = createContext({ viewer: administrator })
  const { data, errors } = await execute({ schema, document: parse(source), contextValue })
  return errors ? null : ((data?.list as Values | undefined) ?? null)
}
