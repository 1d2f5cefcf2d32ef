/** A part of `pg` that its published types leave out; its own `pg-cursor` uses it, too. */
declare module 'pg/lib/utils.js' {
  /** A parameter as PostgreSQL takes it: null, a text, or bytes. */
  export function prepareValue(value: unknown): string | Buffer | null
}
