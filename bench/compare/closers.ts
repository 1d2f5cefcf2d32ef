/** What is to be undone at the end, the last first, each exactly once. */
export class Closers {
  readonly #stack: (() => Promise<void>)[] = []

  add(close: () => Promise<void>): void {
    this.#stack.push(close)
  }

  async closeAll(): Promise<void> {
    for (let close = this.#stack.pop(); close; close = this.#stack.pop()) {
      await close().catch(error => console.error('Could not clean up:', error))
    }
  }
}
