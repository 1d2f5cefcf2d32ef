import type { OrdinaryKind } from '../engine/index.ts'
import { describeError } from '../observe/describe-error.ts'
import type { Log } from '../observe/log.ts'
import type { Metrics } from '../observe/metrics.ts'

/** Faults that are warned of, at most: their messages may hold anything. */
const mostWarnings = 100

/**
 * Counts what resolvers have answered in place of compiled reads, and says why: each for whoever looks for it, and a fault
 * of ours once for each message, so that it shows though the answers are right.
 */
export function createOrdinaryReport(
  log: Log,
  metrics: Pick<Metrics, 'ranOrdinarily'> | undefined,
): (reason: unknown, kind: OrdinaryKind) => void {
  const warned = new Set<string>()
  return (reason, kind) => {
    metrics?.ranOrdinarily(kind)
    // what a client sent is in the messages about it
    if (kind === 'input')
      return log.debug('An operation was not compiled: its input is refused.', { reason: kind })
    const error = describeError(reason)
    log.debug(`An operation was not compiled: ${error.message}`, { reason: kind, error })
    const text = `${error.name} ${error.code ?? ''} ${error.message}`
    if (kind !== 'fault' || warned.size >= mostWarnings || warned.has(text)) return
    warned.add(text)
    const last = warned.size === mostWarnings ? ' Further faults of this kind are only counted.' : ''
    log.warn(
      `A compiled operation failed, so that resolvers answered, which takes longer: ${error.message}${last}`,
      { error },
    )
  }
}
