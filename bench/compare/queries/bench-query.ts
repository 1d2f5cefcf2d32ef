/** The variables of one request; the names are the same for all contenders. */
export type Variables = Readonly<Record<string, unknown>>

/** Keys and values that are in the database, to ask for. All invoices and customers are those of the agent. */
export interface Samples {
  /** The employee who signs in. */
  readonly agentId: number
  readonly invoiceIds: readonly number[]
  readonly lineIds: readonly number[]
  readonly customerIds: readonly number[]
  readonly countries: readonly string[]
  readonly trackIds: readonly number[]
}

/** What stands in FROM: the table, or the part of it that the viewer may see. */
export interface VisibleTables {
  readonly invoice: string
  readonly invoiceLine: string
  readonly customer: string
}

/** A document, and where its answer has another shape than Refract's, what makes it the same. */
export interface Question {
  readonly document: string
  readonly toCommonShape?: (answer: unknown) => unknown
}

/** A query of the benchmark, as each contender is asked it. The answer is below the alias `answer`. */
export interface BenchQuery {
  readonly id: string
  readonly title: string
  readonly refract: Question
  readonly pothos: Question
  /** Left out where PostGraphile has no such operation. */
  readonly postgraphile?: Question
  /** One statement whose only column is the whole answer as text; left out where nothing is to be read. */
  readonly sql?: (tables: VisibleTables) => string
  /** The variables that are the statement's parameters, in their order; the viewer's id comes behind them. */
  readonly parameters: readonly string[]
  /** Orders what has no order in an answer of the common shape, before answers are compared. */
  readonly sort?: (answer: unknown) => unknown
  /** What clients ask with, one after the other. */
  readonly variables: (samples: Samples) => readonly Variables[]
  /** Whether each request creates an invoice. */
  readonly isWrite?: boolean
}
