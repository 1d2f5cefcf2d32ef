/** What statements belong to: whoever ends it ends them. */
export interface StatementOwner {
  /** Runs what sends statements by itself, all that it awaits included. */
  run<Result>(work: () => Result): Result
}

/** Where nobody has said: statements belong to whatever runs when they are sent. */
export const noOwner: StatementOwner = Object.freeze({ run: <Result>(work: () => Result) => work() })
