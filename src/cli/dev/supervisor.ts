import type { ServeArguments } from '../session.ts'
import { type ApiProcess, startApiProcess } from './api-process.ts'

/** Keeps one process serving, and puts a new one in its place without a gap that lasts. */
export interface Supervisor {
  /**
   * Starts a process for what is on disk now and, once it is ready, lets it take over. Resolves with its address; with
   * undefined where it could not start, and then the one before goes on.
   */
  replace(): Promise<string | undefined>
  stop(): Promise<void>
}

/** `onCrash` is called when a serving process ends by itself. */
export function createSupervisor(commandArguments: ServeArguments, onCrash: () => void): Supervisor {
  let current: ApiProcess | undefined
  let next: ApiProcess | undefined
  let servingArguments = commandArguments

  const watchForCrash = (serving: ApiProcess) => {
    void serving.ended.then(() => {
      if (current !== serving) return
      current = undefined
      onCrash()
    })
  }
  const stopCurrent = async () => {
    const previous = current
    current = undefined
    await previous?.stop()
  }
  return {
    replace: async () => {
      next = startApiProcess(servingArguments)
      const starting = next
      if (!(await starting.ready)) return undefined
      await stopCurrent()
      const url = await starting.listen()
      next = undefined
      if (url === undefined) return undefined
      current = starting
      // Also with --port 0 the address that somebody has opened in a browser stays.
      servingArguments = { ...commandArguments, port: new URL(url).port }
      watchForCrash(starting)
      return url
    },
    stop: async () => {
      await Promise.all([next?.stop(), stopCurrent()])
    },
  }
}
