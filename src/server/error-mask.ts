import type { GraphQLError } from 'graphql'
import { type ClientErrorOptions, toClientError } from './client-error.ts'

/** Returns what a client is told of a thrown value; what was made for a client already is left as it is. */
export type MaskError = (thrown: unknown) => GraphQLError

/** An error may pass more than one place where it could leave: it is logged at the first one only. */
export function createErrorMask(options: ClientErrorOptions): MaskError {
  const masked = new WeakSet<object>()
  return thrown => {
    if (isMasked(thrown, masked)) return thrown
    const error = toClientError(thrown, options)
    masked.add(error)
    return error
  }
}

function isMasked(thrown: unknown, masked: WeakSet<object>): thrown is GraphQLError {
  return typeof thrown === 'object' && thrown !== null && masked.has(thrown)
}
