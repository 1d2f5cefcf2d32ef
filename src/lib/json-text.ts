/**
 * A value that is there as the text of its JSON, such as PostgreSQL gives it. Whoever writes JSON can put the text into its
 * own; for everybody else it is the value as soon as it is stringified.
 */
export class JsonText {
  /** Valid JSON, as `JSON.stringify` would write it: without spaces. */
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toJSON(): unknown {
    return JSON.parse(this.text)
  }
}
