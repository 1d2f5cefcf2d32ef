import { type ErrorCatalogueCode, RefractError } from '../errors.ts'
import type { RequestLimits } from './request-limits.ts'

/**
 * An error that says which limit a request is over. A RefractError and no GraphQLError, since it has its status for
 * every media type: GraphQL over HTTP wants a 200 only for documents that somebody has looked at.
 */
export function exceeded(
  code: ErrorCatalogueCode,
  limit: keyof RequestLimits,
  maximum: number,
  message: string,
): RefractError {
  return new RefractError(code, message, { limit, maximum })
}
