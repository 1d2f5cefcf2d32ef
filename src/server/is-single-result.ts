import type { ExecutionResult } from 'graphql'

/** Whether a result of Yoga is the answer to one operation, and neither a stream nor a list of answers. */
export function isSingleResult(result: unknown): result is ExecutionResult {
  return (
    typeof result === 'object' &&
    result !== null &&
    !Array.isArray(result) &&
    !(Symbol.asyncIterator in result)
  )
}

/** Whether a result is a stream of answers. */
export function isStream(result: unknown): result is AsyncIterable<ExecutionResult> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result
}
