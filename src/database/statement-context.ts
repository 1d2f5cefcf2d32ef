import { AsyncLocalStorage } from 'node:async_hooks'
import type { StatementListener } from './statements.ts'
import type { RunningWork } from './work.ts'

/** Whoever listens to the statements, innermost first. */
export interface Observer {
  readonly listener: StatementListener
  readonly outer: Observer | undefined
}

/** On whose behalf a statement is sent. */
export interface StatementContext {
  readonly observer: Observer | undefined
  readonly work: RunningWork | undefined
}

/** One storage for all of it: Node follows each one through every promise. */
const storage = new AsyncLocalStorage<StatementContext>()

const nobody: StatementContext = Object.freeze({ observer: undefined, work: undefined })

export function currentContext(): StatementContext {
  return storage.getStore() ?? nobody
}

/** Runs `work` on behalf of somebody. */
export function runInContext<Result>(context: StatementContext, work: () => Result): Result {
  // Node follows promises from the first `run` on, which costs something: not for nobody.
  return context === nobody && storage.getStore() === undefined ? work() : storage.run(context, work)
}
