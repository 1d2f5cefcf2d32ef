import type { ExecutionArgs } from 'graphql'
import type { Sharing } from './run-subscription.ts'

/** How old a key may be. A rule can look at more than the viewer, such as the time of the day. */
const keyMilliseconds = 1_000 // a second, as for credentials

/** The key of a subscription, worked out now, and again when it is old: to do so for each event is most of what one costs. */
export function followKey(
  args: ExecutionArgs,
  sharing: Pick<Sharing, 'keyOf' | 'refresh'>,
): () => string | undefined {
  let key = sharing.keyOf(args)
  let madeAt = performance.now()
  return () => {
    if (performance.now() - madeAt < keyMilliseconds) return key
    key = sharing.keyOf({ ...args, contextValue: sharing.refresh(args.contextValue) })
    madeAt = performance.now()
    return key
  }
}
