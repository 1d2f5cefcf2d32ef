import { printError } from './terminal.ts'

const signals = ['SIGINT', 'SIGTERM'] as const

/**
 * Closes at the first SIGINT or SIGTERM, and exits at once at the second. Resolves with the exit code when closed;
 * `dispose` gives the signals back.
 */
export function closeOnSignal(close: () => Promise<void>): {
  readonly closed: Promise<number>
  readonly isClosing: () => boolean
  dispose(): void
} {
  const { promise: closed, resolve } = createDeferred<number>()
  let isClosing = false
  const listener = (signal: NodeJS.Signals) => {
    if (isClosing) process.exit(signal === 'SIGINT' ? 130 : 143)
    isClosing = true
    close().then(
      () => resolve(0),
      (error: unknown) => {
        printError(`Closing failed: ${error instanceof Error ? error.message : error}`)
        resolve(1)
      },
    )
  }
  for (const signal of signals) process.on(signal, listener)
  return {
    closed,
    isClosing: () => isClosing,
    dispose: () => {
      for (const signal of signals) process.off(signal, listener)
    },
  }
}

function createDeferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
