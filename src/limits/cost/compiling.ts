import type { CollectOptions } from './collect-fields.ts'

/** What the price of a page depends on; of the engine's settings. */
export interface PageSettings {
  /** Rows of a page that names neither `first` nor `last`, and of a list that nobody knows the length of. */
  readonly defaultPageSize: number
  /** The most rows of a page; as many groups has a grouping that names no `first`. */
  readonly maximumPageSize: number
}

/** What all functions that compile a cost share. */
export interface Compiling extends CollectOptions, PageSettings {}
