import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { RefractError } from '../../../errors.ts'
import type { Datamodel } from '../../datamodel/model.ts'
import { fromJsonValue, toJsonValue } from '../value-codec.ts'
import type { OrderTerm } from './order.ts'
import type { Position } from './row-position.ts'

/**
 * An opaque keyset cursor: base64url of a JSON list that holds the order's fingerprint and the row's order values.
 */
export function encodeCursor(terms: readonly OrderTerm[], values: Position): string {
  const entries = terms.map((term, index) =>
    term.by.kind === 'scalar' ? toJsonValue(term.by, values[index]) : values[index],
  )
  return Buffer.from(JSON.stringify([orderFingerprint(terms), ...entries])).toString('base64url')
}

/**
 * The order values that a cursor holds.
 *
 * @throws RefractError BAD_USER_INPUT for text that is no cursor, or one that was made under another order
 */
export function decodeCursor(
  datamodel: Datamodel,
  terms: readonly OrderTerm[],
  argument: string,
  cursor: string,
): Position {
  const entries = parse(cursor)
  if (!entries || typeof entries[0] !== 'string') {
    throw new RefractError('BAD_USER_INPUT', `${argument} is not a cursor of this API.`)
  }
  if (entries[0] !== orderFingerprint(terms) || entries.length !== terms.length + 1) {
    throw new RefractError(
      'BAD_USER_INPUT',
      `${argument} is a cursor of another order: page on with the orderBy that the cursor came from.`,
    )
  }
  return terms.map((term, index) => {
    const value = decodeValue(datamodel, term, entries[index + 1])
    if (value === undefined)
      throw new RefractError('BAD_USER_INPUT', `${argument} is not a cursor of this API.`)
    return value
  })
}

function decodeValue(datamodel: Datamodel, term: OrderTerm, json: unknown): unknown {
  if (json === null && !term.isNullable) return undefined
  if (term.by.kind === 'scalar') return fromJsonValue(datamodel, term.by, json)
  return Number.isSafeInteger(json) ? json : undefined
}

function parse(cursor: string): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

/** A text that is another one for every other order. */
export function orderText(terms: readonly OrderTerm[]): string {
  let text = ''
  for (const { path, by, direction, nulls } of terms) {
    for (const relation of path) text += `${relation.name}.`
    text += `${by.name}.${direction}.${nulls},`
  }
  return text.slice(0, -1)
}

/** Orders whose fingerprints are known, at most. */
const mostFingerprints = 1_000

const fingerprints = new LRUCache<string, string>({ max: mostFingerprints })

/** Eight characters that differ for different orders; a cursor of one must not be read under another. */
export function orderFingerprint(terms: readonly OrderTerm[]): string {
  const text = orderText(terms)
  const known = fingerprints.get(text)
  if (known !== undefined) return known
  const made = createHash('sha256').update(text).digest('base64url').slice(0, 8)
  fingerprints.set(text, made)
  return made
}
