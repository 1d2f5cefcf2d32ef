/** Counts what there is of each kind now. Keeps nothing of a kind of which there is none. */
export class Tally {
  readonly #counts = new Map<string, number>()

  count(key: string): number {
    return this.#counts.get(key) ?? 0
  }

  /** Counts one more. Returns what takes it off again, which counts once. */
  add(key: string): () => void {
    this.#counts.set(key, this.count(key) + 1)
    let isCounted = true
    return () => {
      if (!isCounted) return
      isCounted = false
      const left = this.count(key) - 1
      if (left > 0) this.#counts.set(key, left)
      else this.#counts.delete(key)
    }
  }
}
