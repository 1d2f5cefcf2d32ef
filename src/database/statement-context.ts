import { AsyncLocalStorage } from 'node:async_hooks'
import { isPromise } from '../lib/is-promise.ts'
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

/** How much runs on behalf of somebody. */
let running = 0

/** Runs `work` on behalf of somebody. Where it returns a promise, it has ended when that has. */
export function runInContext<Result>(context: StatementContext, work: () => Result): Result {
  if (context === nobody && storage.getStore() === undefined) return work()
  running += 1
  let result: Result | undefined
  try {
    result = storage.run(context, work)
    return result
  } finally {
    if (isPromise(result)) void result.then(leave, leave)
    else leave()
  }
}

/** Node follows every promise of the process while there is anything to follow, which costs them a tenth and more. */
function leave(): void {
  running -= 1
  if (running === 0) storage.disable()
}
