/** Things that were opened, to be closed in the opposite order. */
export interface Closers {
  /** Remembers how to close what was just opened; what is opened after `closeAll` is closed at once. */
  add(close: () => Promise<unknown>): void
  /** Closes everything, also when one fails; then rejects with the first failure. Later calls wait for the first. */
  closeAll(): Promise<void>
}

export function createClosers(): Closers {
  const closers: (() => Promise<unknown>)[] = []
  let closing: Promise<void> | undefined
  return {
    add: close => {
      if (closing) closing = closing.then(() => close()).then(() => undefined)
      else closers.push(close)
    },
    closeAll: () => {
      closing ??= closeInOrder(closers.toReversed())
      return closing
    },
  }
}

async function closeInOrder(closers: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of closers) {
    await close().catch((error: unknown) => {
      failures.push(error)
    })
  }
  if (failures.length > 0) throw failures[0]
}
