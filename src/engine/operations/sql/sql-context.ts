import type { Datamodel, Model } from '../../datamodel/model.ts'
import { quoteTable } from '../sql-name.ts'

/** What a parameter holds: text in PostgreSQL's own form, which no driver makes anything else of, or a list of it. */
export type SqlValue = string | readonly string[]

/** The statement that a condition is made for. */
export interface SqlContext {
  readonly datamodel: Datamodel
  /** Adds a parameter and returns its place with its type: `$3::uuid`. */
  parameter(value: SqlValue, type: string): string
  /** What stands in FROM for a related model's rows. */
  tableOf(model: Model): string
  /** A name for a related row that no other row of the statement has. */
  nextAlias(): string
}

export interface SqlContextOptions {
  /** The statement's parameters so far; those of conditions come behind them. */
  readonly values?: readonly unknown[]
  readonly tableOf?: (model: Model) => string
}

/** A context that collects the parameters of one statement. Its aliases are `r1`, `r2` and so on. */
export interface CollectingContext extends SqlContext {
  readonly values: readonly unknown[]
}

export function createSqlContext(datamodel: Datamodel, options: SqlContextOptions = {}): CollectingContext {
  return new Collecting(datamodel, options)
}

/** A class, since its functions are made once and not for each statement. */
class Collecting implements CollectingContext {
  readonly datamodel: Datamodel
  readonly values: unknown[]
  readonly tableOf: (model: Model) => string
  #aliases = 0

  constructor(datamodel: Datamodel, { values = [], tableOf = quoteTable }: SqlContextOptions) {
    this.datamodel = datamodel
    this.values = [...values]
    this.tableOf = tableOf
  }

  parameter(value: SqlValue, type: string): string {
    return `$${this.values.push(value)}::${type}`
  }

  nextAlias(): string {
    this.#aliases += 1
    return `r${this.#aliases}`
  }
}

/** The same statement, with other rows for its models. */
export function withTables(context: SqlContext, tableOf: SqlContext['tableOf']): SqlContext {
  return {
    datamodel: context.datamodel,
    parameter: (value, type) => context.parameter(value, type),
    tableOf,
    nextAlias: () => context.nextAlias(),
  }
}
