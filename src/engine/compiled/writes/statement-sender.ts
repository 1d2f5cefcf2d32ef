import type { StatementOwner } from '../statement-owner.ts'

/** What a statement gave. */
export interface StatementResult {
  readonly rows: readonly (readonly (string | null)[])[]
  /** The rows that it wrote or found. */
  readonly count: number
}

/** Sends a statement of a transaction; its columns have to be texts. */
export type SendStatement = (sql: string, values: readonly unknown[]) => Promise<StatementResult>

/**
 * Runs `work` in one transaction and commits it; what it throws rolls everything back.
 *
 * @param owner what its statements belong to
 * @returns rejects with what `work` threw; with PostgreSQL's error, which has its SQLSTATE as `code`; or with an error that
 *   has `isOutcomeUnknown`, where the connection broke at the COMMIT
 */
export type Transact = <Result>(
  work: (send: SendStatement) => Promise<Result>,
  options: { readonly timeout: number; readonly owner: StatementOwner },
) => Promise<Result>
