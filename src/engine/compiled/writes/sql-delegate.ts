import type { Model, RelationField } from '../../datamodel/model.ts'
import type { ModelDelegate, Row, Select, Where } from '../../operations/client.ts'
import { keyOf, keyText } from '../../operations/key.ts'
import type { Scope } from '../../operations/scope.ts'
import { createSqlContext, type SqlContext } from '../../operations/sql/sql-context.ts'
import { whereSql } from '../../operations/sql/where-sql.ts'
import { quoteIdentifier, quoteTable } from '../../operations/sql-name.ts'
import { keyRowsWhere } from '../../operations/write/key-values.ts'
import { NotCompilable } from '../emission.ts'
import { type AnswerRequest, answerRequestOf, isOfOwnColumns } from './answer-request.ts'
import { assignmentSql } from './column-values.ts'
import { defaultValues, updatedValues } from './default-values.ts'
import { insertRow, insertRows } from './insert-sql.ts'
import { writeLinks } from './join-links.ts'
import { type RowColumns, rowColumns } from './row-columns.ts'
import { rowStatement, type Surround } from './row-statement.ts'
import type { SendStatement } from './statement-sender.ts'

type Arguments = Readonly<Record<string, unknown>>

/**
 * The part of a Prisma delegate that mutations use, as statements of our own: what Prisma would write, and what it would
 * return.
 *
 * @throws NotCompilable for what only Prisma does
 */
export class SqlDelegate implements ModelDelegate {
  readonly #scope: Scope
  readonly #model: Model
  readonly #send: SendStatement

  /** @param model with the columns that the API does not have: they have defaults, and policies look at them */
  constructor(scope: Scope, model: Model, send: SendStatement) {
    this.#scope = scope
    this.#model = model
    this.#send = send
  }

  async findMany({
    where,
    select,
    orderBy,
    take,
    relationLoadStrategy: _,
    ...rest
  }: Arguments): Promise<Row[]> {
    refuseOthers(rest)
    const order = orderBy === undefined ? '' : ` ORDER BY ${this.#orderSql(orderBy)}`
    const limit = take === undefined ? '' : ` LIMIT ${Number(take)}`
    return this.#select(where as Where | undefined, select as Select, `${order}${limit}`)
  }

  async findFirst({ where, select, ...rest }: Arguments): Promise<Row | null> {
    refuseOthers(rest)
    const [row] = await this.#select(where as Where, select as Select, ' LIMIT 1')
    return row ?? null
  }

  async findUnique({ where, select, relationLoadStrategy: _, ...rest }: Arguments): Promise<Row | null> {
    refuseOthers(rest)
    const [row] = await this.#select(where as Where, select as Select, '')
    return row ?? null
  }

  async create({ data, select, relationLoadStrategy: _, ...rest }: Arguments): Promise<Row> {
    refuseOthers(rest)
    const { values, links } = this.#split(data as Row)
    const given = { ...values, ...defaultValues(this.#model, values, new Date()) }
    const [row] = await this.#write(select as Select, links, insertRow(this.#model, given))
    if (!row) throw new NotCompilable('The row was not returned: a trigger or a rule took it.')
    return row
  }

  async createManyAndReturn({ data, select, ...rest }: Arguments): Promise<Row[]> {
    refuseOthers(rest)
    const now = new Date()
    const rows = (data as readonly Row[]).map(given => ({
      ...given,
      ...defaultValues(this.#model, given, now),
    }))
    const written = await this.#write(select as Select, noLinks, insertRows(this.#model, rows))
    if (written.length !== rows.length) throw new NotCompilable('Not all rows were returned.')
    return written
  }

  async update({ where, data, select, relationLoadStrategy: _, ...rest }: Arguments): Promise<Row> {
    refuseOthers(rest)
    const { values, links } = this.#split(data as Row)
    const given = { ...values, ...updatedValues(this.#model, values, new Date()) }
    const hasColumns = Object.keys(given).length > 0
    const surround: Surround = (context, alias) => ({
      before: `${this.#updateSql(context, alias, given, where as Where)} RETURNING `,
      after: '',
    })
    const selected = this.#selecting(where as Where, ' FOR UPDATE')
    const [row] = await this.#write(select as Select, links, hasColumns ? surround : selected)
    if (!row) throw missingRow()
    return row
  }

  async updateMany({ where, data, ...rest }: Arguments): Promise<{ count: number }> {
    refuseOthers(rest)
    const { values } = this.#split(data as Row, false)
    const given = { ...values, ...updatedValues(this.#model, values, new Date()) }
    const context = createSqlContext(this.#scope.access.datamodel)
    const sql = this.#updateSql(context, plainAlias, given, where as Where)
    const { count } = await this.#send(sql, context.values)
    return { count }
  }

  async delete({ where, select, relationLoadStrategy: _, ...rest }: Arguments): Promise<Row> {
    refuseOthers(rest)
    const answer = answerRequestOf(select as Select)
    if (answer && !isOfOwnColumns(answer, this.#scope))
      return this.#readAndDelete(where as Where, select as Select)
    const [row] = await this.#run(
      (context, alias) => ({
        before: `${this.#deleteSql(context, alias, where as Where)} RETURNING `,
        after: '',
      }),
      rowColumns(this.#model, select as Select),
      answer,
    )
    if (!row) throw missingRow()
    return row
  }

  async #readAndDelete(where: Where, select: Select): Promise<Row> {
    const [row] = await this.#select(where, select, ' FOR UPDATE')
    if (!row) throw missingRow()
    await this.deleteMany({ where: keyOf(this.#model, row) })
    return row
  }

  async deleteMany({ where, ...rest }: Arguments): Promise<{ count: number }> {
    refuseOthers(rest)
    const context = createSqlContext(this.#scope.access.datamodel)
    const sql = this.#deleteSql(context, plainAlias, where as Where)
    const { count } = await this.#send(sql, context.values)
    return { count }
  }

  /** Locks the row of a unique `where`, if there is one, until the transaction ends. */
  async lock(where: Where): Promise<void> {
    const context = createSqlContext(this.#scope.access.datamodel)
    const condition = this.#whereSql(context, plainAlias, where)
    await this.#send(
      `SELECT FROM ${quoteTable(this.#model)} AS "${plainAlias}" WHERE ${condition} FOR UPDATE`,
      context.values,
    )
  }

  createMany(): Promise<{ count: number }> {
    return leave('createMany')
  }

  count(): Promise<number> {
    return leave('count')
  }

  aggregate(): Promise<Row> {
    return leave('aggregate')
  }

  groupBy(): Promise<Row[]> {
    return leave('groupBy')
  }

  /** Writes rows and returns them, with what is answered of them: in the same statement, or in one that comes after it. */
  async #write(select: Select, links: Links, surround: Surround): Promise<Row[]> {
    const answer = answerRequestOf(select)
    const columns = rowColumns(this.#model, select)
    const isAtOnce = answer !== undefined && isOfOwnColumns(answer, this.#scope)
    const written = await this.#run(surround, columns, isAtOnce ? answer : undefined)
    for (const row of written) await writeLinks(this.#scope, this.#model, row, links, this.#send)
    if (answer === undefined || isAtOnce) return written
    return this.#answers(written, columns, answer)
  }

  async #answers(rows: readonly Row[], columns: RowColumns, answer: AnswerRequest): Promise<Row[]> {
    if (rows.length === 0) return []
    const found = await this.#run(this.#selecting(keyRowsWhere(this.#model, rows), ''), columns, answer)
    const names = this.#model.primaryKey?.fields ?? []
    const byKey = new Map(found.map(row => [keyText(this.#model, names, row), row]))
    return rows.map(row => {
      const complete = byKey.get(keyText(this.#model, names, row))
      if (!complete) throw new NotCompilable('A row that was written is not there: a trigger took it.')
      return complete
    })
  }

  #select(where: Where | undefined, select: Select, end: string): Promise<Row[]> {
    const columns = rowColumns(this.#model, select)
    return this.#run(this.#selecting(where, end), columns, answerRequestOf(select))
  }

  #selecting(where: Where | undefined, end: string): Surround {
    return (context, alias) => ({
      before: 'SELECT ',
      after: ` FROM ${quoteTable(this.#model)} AS "${alias}" WHERE ${this.#whereSql(context, alias, where ?? {})}${end}`,
    })
  }

  async #run(surround: Surround, columns: RowColumns, answer: AnswerRequest | undefined): Promise<Row[]> {
    const statement = rowStatement(this.#scope, this.#model, surround, columns, answer)
    const { rows } = await this.#send(statement.sql, statement.values)
    return rows.map(texts => statement.read(texts))
  }

  #updateSql(context: SqlContext, alias: string, values: Row, where: Where): string {
    const { scalars } = this.#model
    const assignments = Object.entries(values).map(([name, value]) => {
      const field = scalars.find(candidate => candidate.name === name)
      if (!field) throw new NotCompilable(`${name} is written by Prisma.`)
      return assignmentSql(context, field, value, alias)
    })
    const condition = this.#whereSql(context, alias, where)
    return `UPDATE ${quoteTable(this.#model)} AS "${alias}" SET ${assignments.join(', ')} WHERE ${condition}`
  }

  #deleteSql(context: SqlContext, alias: string, where: Where): string {
    const condition = this.#whereSql(context, alias, where)
    return `DELETE FROM ${quoteTable(this.#model)} AS "${alias}" WHERE ${condition}`
  }

  /** A unique `where` names the columns of a compound key by the key. */
  #whereSql(context: SqlContext, alias: string, where: Where): string {
    const key = this.#model.uniqueKeys.find(({ name, fields }) => fields.length > 1 && name in where)
    if (!key) return whereSql(context, this.#model, where, alias)
    const { [key.name]: values, ...others } = where
    return whereSql(context, this.#model, { ...(values as Row), ...others }, alias)
  }

  #orderSql(orderBy: unknown): string {
    const orders = (Array.isArray(orderBy) ? orderBy : [orderBy]) as readonly Row[]
    return orders
      .flatMap(order => Object.entries(order))
      .map(([name, direction]) => {
        const field = this.#model.scalars.find(candidate => candidate.name === name)
        if (!field || (direction !== 'asc' && direction !== 'desc'))
          throw new NotCompilable('An unusual order.')
        return `${quoteIdentifier(field.column)} ${direction}`
      })
      .join(', ')
  }

  /** The columns of Prisma's `data`, and the links of its many-to-many relations. */
  #split(data: Row, mayLink = true): { readonly values: Row; readonly links: Links } {
    const values: Record<string, unknown> = {}
    const links = new Map<RelationField, Row>()
    for (const [name, value] of Object.entries(data)) {
      if (value === undefined) continue
      const relation = this.#model.relations.find(candidate => candidate.name === name)
      if (!relation) values[name] = value
      else if (mayLink && relation.isManyToMany) links.set(relation, value as Row)
      else throw new NotCompilable(`${name} is written by Prisma.`)
    }
    return { values, links }
  }
}

/** What is to be linked and unlinked, as Prisma's `data` has it. */
export type Links = ReadonlyMap<RelationField, Row>

const noLinks: Links = new Map()
const plainAlias = 't0'

function refuseOthers(rest: Arguments): void {
  const [name] = Object.keys(rest).filter(key => rest[key] !== undefined)
  if (name !== undefined) throw new NotCompilable(`Prisma alone knows what ${name} means.`)
}

async function leave(name: string): Promise<never> {
  throw new NotCompilable(`Prisma does ${name}.`)
}

/** As Prisma says it. */
function missingRow(): Error {
  return Object.assign(new Error('There is no such row.'), { code: 'P2025' })
}
