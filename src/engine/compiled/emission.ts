import { RefractError } from '../../errors.ts'
import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Where } from '../operations/client.ts'
import type { Scope } from '../operations/scope.ts'
import type { SqlContext } from '../operations/sql/sql-context.ts'
import { whereSql } from '../operations/sql/where-sql.ts'
import { isEveryRow, isNoRow } from '../policy/logic.ts'
import type { SelectedField } from './plan/plan.ts'

/** What only the ordinary path can do. */
export class NotCompilable extends Error {}

/** A field's arguments, with what takes more than a look. */
export interface BoundArguments {
  readonly values: Readonly<Record<string, unknown>>
  /** Of a list: the rows that its filter lets through. */
  readonly where: Where
}

/** The making of one statement for one viewer. */
export interface Emission {
  readonly scope: Scope
  /** All models, those that the API does not have among them: policies look at their columns. */
  readonly datamodel: Datamodel
  readonly context: SqlContext
  /** @throws Error for a field without arguments */
  argumentsOf(field: SelectedField): BoundArguments
}

/** A condition on a row as SQL; TRUE and FALSE where it does not depend on the row. */
export function conditionSql(emission: Emission, model: Model, where: Where, alias: string): string {
  if (isEveryRow(where)) return 'TRUE'
  if (isNoRow(where)) return 'FALSE'
  return whereSql(emission.context, emission.datamodel.model(model.name), where, alias)
}

/** What `sql` says where the viewer may read the field of the row, else `null`. */
export function ifReadableSql(
  emission: Emission,
  model: Model,
  fieldName: string,
  alias: string,
  sql: () => string,
): string {
  const { access } = emission.scope
  const condition = access.isFull
    ? 'TRUE'
    : conditionSql(emission, model, access.of(model).field(fieldName).read, alias)
  if (condition === 'TRUE') return sql()
  if (condition === 'FALSE') return `'null'`
  return `CASE WHEN ${condition} THEN ${sql()} ELSE 'null' END`
}

/** Whatever goes wrong with the input is said by the ordinary path. */
export function isInputFault(error: unknown): boolean {
  return error instanceof RefractError
}
