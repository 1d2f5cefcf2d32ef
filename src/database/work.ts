import { currentContext, runInContext } from './statement-context.ts'

/** A statement that can be ended before its time. */
export interface CancellableStatement {
  /** Begins to end it; it fails, or was faster. */
  cancel(): void
}

/** What the connections know of work that they send statements for. */
export interface RunningWork {
  readonly isCancelled: boolean
  /** Announces a statement, for as long as it runs. */
  add(statement: CancellableStatement): void
  remove(statement: CancellableStatement): void
}

/** Work that somebody waits for, with the SQL that it sends. */
export interface Work {
  /** Runs what belongs to the work; all that it awaits does too. */
  run<Result>(work: () => Result): Result
  /**
   * Ends the statements that run for it and refuses those to come. Transactions that are open roll back: from now on no
   * COMMIT is sent. One that is on its way to the server is not stopped.
   */
  cancel(): void
}

/** Begins work. Statements are those of clients that `createClient` made; on the embedded database they run on to their end. */
export function startWork(): Work {
  return new StartedWork()
}

/** The work that statements belong to: one that `startWork` began, or else what is running here. */
export function runningWorkOf(owner: unknown): RunningWork | undefined {
  return owner instanceof StartedWork ? owner : currentContext().work
}

/** A class, since its functions are made once and not for each operation. */
class StartedWork implements Work, RunningWork {
  readonly #statements = new Set<CancellableStatement>()
  #isCancelled = false

  get isCancelled(): boolean {
    return this.#isCancelled
  }

  add(statement: CancellableStatement): void {
    this.#statements.add(statement)
  }

  remove(statement: CancellableStatement): void {
    this.#statements.delete(statement)
  }

  run<Result>(work: () => Result): Result {
    return runInContext({ ...currentContext(), work: this }, work)
  }

  cancel(): void {
    this.#isCancelled = true
    for (const statement of this.#statements) statement.cancel()
  }
}

/** What a statement fails with that was not sent because its work is cancelled. */
export class WorkCancelled extends Error {
  /** As PostgreSQL says it of a statement that it ended: query_canceled. */
  readonly code = '57014'

  constructor() {
    super('The operation was cancelled before this statement was sent')
    this.name = 'WorkCancelled'
  }
}
