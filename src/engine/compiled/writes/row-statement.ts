import { getOrCreate } from '../../../lib/get-or-create.ts'
import type { Model } from '../../datamodel/model.ts'
import type { Row } from '../../operations/client.ts'
import type { Scope } from '../../operations/scope.ts'
import { createSqlContext, type SqlContext } from '../../operations/sql/sql-context.ts'
import type { BoundFields } from '../bind-arguments.ts'
import { BoundRequest } from '../bound-request.ts'
import type { Emission } from '../emission.ts'
import type { SelectedField } from '../plan/plan.ts'
import { createReadTemplate, type ReadTemplate } from '../read-template.ts'
import { type AnswerRequest, answered } from './answer-request.ts'
import type { RowColumns } from './row-columns.ts'

/** What comes before and after the columns that a statement returns. Its row has the alias. */
export type Surround = (
  context: SqlContext,
  alias: string,
) => { readonly before: string; readonly after: string }

export interface RowStatement {
  readonly sql: string
  readonly values: readonly unknown[]
  /** The row out of what the statement returns. */
  read(texts: readonly (string | null)[]): Row
}

/** A statement of one model that returns columns of rows and, where it is given, what is answered of them. */
export function rowStatement(
  scope: Scope,
  model: Model,
  surround: Surround,
  columns: RowColumns,
  answer: AnswerRequest | undefined,
): RowStatement {
  const { datamodel } = scope.access
  if (!answer) {
    const context = createSqlContext(datamodel)
    const { before, after } = surround(context, plainAlias)
    const sql = `${before}${columns.sql(plainAlias)}${after}`
    return { sql, values: context.values, read: texts => columns.read(datamodel, texts) }
  }
  const template = templateOf(scope, model, answer.field)
  const { sql, request } = template.fill(() => new WriteRequest(scope, answer.bound, surround, columns))
  const place = columns.fields.length
  return {
    sql,
    values: request.context.values,
    read: texts => answered(columns.read(datamodel, texts), texts[place] ?? 'null'),
  }
}

const plainAlias = 't0'

/** A request of a read, which says as well what its row comes from. */
class WriteRequest extends BoundRequest {
  readonly #surround: Surround
  readonly #columns: RowColumns

  constructor(scope: Scope, bound: BoundFields, surround: Surround, columns: RowColumns) {
    super(scope, bound)
    this.#surround = surround
    this.#columns = columns
  }

  around(alias: string): readonly string[] {
    const { before, after } = this.#surround(this.context, alias)
    return [`${before}${this.#columns.sql(alias)}, `, after]
  }
}

const templates = new WeakMap<SelectedField, ReadTemplate>()

/** A field belongs to a plan, and that to one schema of one engine. */
function templateOf(scope: Scope, model: Model, field: SelectedField): ReadTemplate {
  const own = scope.datamodel.model(model.name)
  return getOrCreate(templates, field, () =>
    createReadTemplate(scope.datamodel, scope.access.datamodel, emission => emitRow(emission, own, field)),
  )
}

function emitRow(emission: Emission, model: Model, field: SelectedField): string {
  const alias = emission.context.nextAlias()
  const { texts } = emission.decide(request => ({
    key: '',
    texts: (request as WriteRequest).around(alias),
    data: null,
  }))
  return `${texts[0]}${emission.row(model, field.selection, alias)}${texts[1]}`
}
