import { StartError } from '../errors.ts'

/** Bounds on a single request; what is over them is refused with a 4xx before anything runs. */
export interface RequestLimits {
  readonly bodyBytes: number
  /** From the first byte of a request to its last. */
  readonly requestMilliseconds: number
  readonly headersMilliseconds: number
  /** How deep brackets may nest in a document's text, and arrays and objects in JSON. */
  readonly nesting: number
  /** Of a document's text, with its spaces and comments. */
  readonly documentCharacters: number
  /** Of a document: names, punctuation and values. */
  readonly documentTokens: number
  /** How deep fields may nest, fragments followed. */
  readonly selectionDepth: number
  /** Fields, fragment spreads and inline fragments of an operation, each fragment counted wherever it is spread. */
  readonly selections: number
  /** Fields at the top of an operation: queries or mutations of one request. */
  readonly rootFields: number
  /** Fields that say once more what is selected at the same place already. */
  readonly repeatedFields: number
  readonly aliases: number
  readonly directives: number
  /** On one field, fragment or operation. */
  readonly directivesPerPlace: number
  readonly fragments: number
  /** Of one text in the variables. */
  readonly variableCharacters: number
  /** Of one list in the variables. */
  readonly variableItems: number
  /** Lists, objects and single values in the variables, all together. */
  readonly variableValues: number
  /** What an operation may cost, in points. */
  readonly cost: number
}

export const defaultRequestLimits: RequestLimits = Object.freeze({
  bodyBytes: 1_048_576, // 1 MiB
  requestMilliseconds: 30_000, // 30 seconds
  headersMilliseconds: 10_000, // 10 seconds
  nesting: 200,
  documentCharacters: 200_000,
  documentTokens: 10_000,
  selectionDepth: 50,
  selections: 5_000,
  rootFields: 100,
  repeatedFields: 300,
  aliases: 100,
  directives: 100,
  directivesPerPlace: 4,
  fragments: 200,
  variableCharacters: 500_000,
  variableItems: 10_000,
  variableValues: 100_000,
  cost: 50_000,
})

/** What each limit may be set to at most: what is behind them is recursive in places, or keeps everything in memory. */
const largest: Readonly<Record<keyof RequestLimits, number>> = {
  bodyBytes: 104_857_600, // 100 MiB
  requestMilliseconds: 3_600_000, // an hour
  headersMilliseconds: 3_600_000,
  nesting: 500,
  documentCharacters: 10_000_000,
  documentTokens: 100_000,
  selectionDepth: 200,
  selections: 100_000,
  rootFields: 10_000,
  repeatedFields: 10_000,
  aliases: 10_000,
  directives: 10_000,
  directivesPerPlace: 100,
  fragments: 10_000,
  variableCharacters: 100_000_000,
  variableItems: 1_000_000,
  variableValues: 10_000_000,
  cost: 1_000_000_000,
}

/** Whether a name is one of the limits of a request. */
export function isRequestLimit(name: string): name is keyof RequestLimits {
  return Object.hasOwn(largest, name)
}

/**
 * The limits with what a configuration sets of them. Frozen.
 *
 * @throws StartError that lists every limit that is not a whole number in its range
 */
export function createRequestLimits(given: Readonly<Record<string, unknown>> = {}): RequestLimits {
  const faults = Object.entries(given).flatMap(([name, value]) => {
    if (!isRequestLimit(name)) return [`${name} is not known`]
    if (value === undefined || isWholeNumber(value, largest[name])) return []
    return [`${name} is ${JSON.stringify(value)}, but expected a whole number from 1 to ${largest[name]}`]
  })
  if (faults.length === 0) return Object.freeze({ ...defaultRequestLimits, ...withoutUndefined(given) })
  throw new StartError(
    `The limits in refract.config.ts are wrong: ${faults.join('; ')}. Correct them and try again.`,
  )
}

function isWholeNumber(value: unknown, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most
}

function withoutUndefined(given: Readonly<Record<string, unknown>>): Partial<RequestLimits> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}
