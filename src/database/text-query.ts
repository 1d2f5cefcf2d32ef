import type pg from 'pg'
import { prepareValue } from 'pg/lib/utils.js'
import type { Callback, SubmittableFor } from './track-statements.ts'

/** The part of `pg`'s connection that its published type leaves out, or has otherwise. */
interface StatementConnection {
  readonly stream: { cork(): void; uncork(): void }
  /** The texts of the statements that it has prepared, by name. */
  readonly parsedStatements: Readonly<Record<string, string | undefined>>
  parse(statement: { readonly text: string; readonly name: string }): void
  bind(portal: { readonly statement: string; readonly values: readonly unknown[] }): void
  execute(portal: { readonly rows: number }): void
  sync(): void
}

/**
 * A statement whose answer is the text in the first column of its first row; null without a row.
 *
 * Own code, as `pg-cursor` is: `pg`'s query has the server describe the columns each time, and makes an object for each of
 * them and parsers for their types, which takes longer than to read the one text.
 */
export class TextQuery implements SubmittableFor<string | null> {
  callback: Callback<string | null> | undefined
  readonly text: string
  /** What it is prepared as; empty where it is not. */
  readonly name: string
  readonly #values: readonly unknown[]
  #result: string | null | undefined

  constructor(text: string, name: string, values: readonly unknown[]) {
    this.text = text
    this.name = name
    this.#values = values
  }

  /** Returns what is wrong with a value that cannot be sent; then nothing is sent at all. */
  submit(connection: pg.Connection): Error | undefined {
    try {
      const values = this.#values.map(value => prepareValue(value))
      this.#send(connection as unknown as StatementConnection, values)
      return undefined
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    }
  }

  #send(connection: StatementConnection, values: readonly unknown[]): void {
    connection.stream.cork()
    if (this.name === '' || connection.parsedStatements[this.name] === undefined)
      connection.parse({ text: this.text, name: this.name })
    connection.bind({ statement: this.name, values })
    connection.execute({ rows: 0 })
    connection.sync()
    connection.stream.uncork()
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    if (this.#result === undefined) this.#result = fields[0] ?? null
  }

  handleReadyForQuery(): void {
    this.callback?.(null, this.#result ?? null)
  }

  handleError(error: Error): void {
    this.callback?.(error)
  }

  handleCommandComplete(): void {
    // there is one row, and it has come
  }
}
