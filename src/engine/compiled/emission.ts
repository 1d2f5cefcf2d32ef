import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Where } from '../operations/client.ts'
import type { Scope } from '../operations/scope.ts'
import type { SqlContext } from '../operations/sql/sql-context.ts'
import { whereSql } from '../operations/sql/where-sql.ts'
import { isEveryRow, isNoRow } from '../policy/logic.ts'
import type { SelectedField, Selection } from './plan/plan.ts'

/** What only the ordinary path can do. */
export class NotCompilable extends Error {}

/** A field's arguments, with what takes more than a look. */
export interface BoundArguments {
  readonly values: Readonly<Record<string, unknown>>
  /** Of a list: the rows that its filter lets through. */
  readonly where: Where
}

/** What a request brings to a statement: who asks, and with which arguments. */
export interface ReadRequest {
  readonly scope: Scope
  /** All models, those that the API does not have among them: policies look at their columns. */
  readonly datamodel: Datamodel
  /** Collects the parameters. */
  readonly context: SqlContext
  /** @throws Error for a field without arguments */
  argumentsOf(field: SelectedField): BoundArguments
}

/** What was decided at a point of a statement that depends on the request. */
export interface Decision<Data> {
  /** Two requests with the same key get the same statement but for the texts. */
  readonly key: string
  /** What of the statement is the request's own; values are parameters of its context. */
  readonly texts: readonly string[]
  /** What the rest of the statement is made from: the same for the same key. */
  readonly data: Data
}

/** Looks at a request; nothing else may make one request's statement differ from another's. */
export type Point<Data> = (request: ReadRequest) => Decision<Data>

/** The making of a statement. */
export interface Emission {
  /** The models of the API. */
  readonly models: Datamodel
  /** All models. */
  readonly datamodel: Datamodel
  /** Aliases and tables; it takes no parameters. */
  readonly context: SqlContext
  /** What is asked of a row that has the alias, as the JSON text of an object; never NULL where the row is there. */
  row(model: Model, selection: Selection, alias: string): string
  /** Looks at the request. The texts of the answer stand for those of the request. */
  decide<Data>(point: Point<Data>): Decision<Data>
}

/** A condition of a request on rows that have the alias: TRUE or FALSE where it does not depend on the row. */
export function emitCondition(
  emission: Emission,
  model: Model,
  alias: string,
  whereOf: (request: ReadRequest) => Where,
): string {
  const { key, texts } = emission.decide(request =>
    decideCondition(conditionSql(request, model, whereOf(request), alias)),
  )
  return texts[0] ?? key
}

function decideCondition(sql: string): Decision<null> {
  return sql === 'TRUE' || sql === 'FALSE'
    ? { key: sql, texts: noTexts, data: null }
    : { key: 'sql', texts: [sql], data: null }
}

const noTexts: readonly string[] = []

/** A condition on a row as SQL; TRUE and FALSE where it does not depend on the row. */
export function conditionSql(request: ReadRequest, model: Model, where: Where, alias: string): string {
  if (isEveryRow(where)) return 'TRUE'
  if (isNoRow(where)) return 'FALSE'
  return whereSql(request.context, request.datamodel.model(model.name), where, alias)
}

/** What `sql` says where the viewer may read the field of the row, else `null`. */
export function ifReadableSql(
  emission: Emission,
  model: Model,
  fieldName: string,
  alias: string,
  sql: () => string,
): string {
  const condition = emitCondition(
    emission,
    model,
    alias,
    ({ scope }) => scope.access.of(model).field(fieldName).read,
  )
  if (condition === 'TRUE') return sql()
  if (condition === 'FALSE') return `'null'`
  return `CASE WHEN ${condition} THEN ${sql()} ELSE 'null' END`
}
