import { reportError } from '../report-error.ts'
import { print, style } from '../terminal.ts'

/** Changed files that wait for being taken over. */
export interface ChangeQueue {
  add(files: readonly string[]): void
  /** From now on `handle` gets one batch at a time, beginning with what has been added already. */
  start(handle: (files: readonly string[]) => Promise<void>): void
}

/** What changes during a batch makes the next one. An error of a batch is printed, and the next one tries again. */
export function createChangeQueue(isVerbose: boolean): ChangeQueue {
  const waiting = new Set<string>()
  let handle: ((files: readonly string[]) => Promise<void>) | undefined
  let isRunning = false
  const run = async () => {
    if (isRunning || !handle) return
    isRunning = true
    while (waiting.size > 0) {
      const files = [...waiting]
      waiting.clear()
      await handle(files).catch((error: unknown) => {
        reportError(error, { isVerbose })
        print(style('yellow', 'The API goes on as it was.'))
      })
    }
    isRunning = false
  }
  return {
    add: files => {
      for (const file of files) waiting.add(file)
      void run()
    },
    start: handler => {
      handle = handler
      void run()
    },
  }
}
