/** Holds lists of items for a consumer who takes them in her own time, and no more than it may. */
export interface BatchQueue<Item> {
  /** False where there is no room for them: the consumer is too slow. */
  add(items: readonly Item[]): boolean
  /** What is held can still be taken; then comes the end, or the error. The first call counts. */
  end(error?: Error): void
  /** The next list; undefined at the end. To be called again when it has answered. */
  take(): Promise<readonly Item[] | undefined>
  /** Forgets what is held, and ends. */
  clear(): void
}

/** @param limit the most items that are held */
export function createBatchQueue<Item>(limit: number): BatchQueue<Item> {
  const held: (readonly Item[])[] = []
  let size = 0
  let ended: { readonly error: Error | undefined } | undefined
  let wake: () => void = () => undefined

  const end = (error?: Error) => {
    ended ??= { error }
    wake()
  }
  return {
    add(items) {
      if (ended || items.length === 0) return true
      if (size + items.length > limit) return false
      held.push(items)
      size += items.length
      wake()
      return true
    },
    end,
    async take() {
      while (held.length === 0 && !ended) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      const items = held.shift()
      size -= items?.length ?? 0
      if (items) return items
      const error = ended?.error
      ended = { error: undefined }
      if (error) throw error
      return undefined
    },
    clear() {
      held.length = 0
      size = 0
      end()
    },
  }
}
