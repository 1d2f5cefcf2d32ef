import { RefractError } from '../../errors.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import { isStream } from '../is-single-result.ts'
import type { ResolvedOptions } from '../options.ts'
import { beginInTime } from '../streams/begin-in-time.ts'
import type { Streams } from '../streams/streams.ts'
import type { OperationAnswer, OperationPlugin } from './operation-plugin.ts'

/**
 * Runs subscriptions, by the engine where there is one that does. Bounds how many a caller has and how long each may take to
 * begin, and ends each with its client, its credentials or the server. Refuses one whose client could not be sent a stream.
 */
export function useSubscriptions(
  streams: Streams,
  { subscribe, operationMilliseconds }: Pick<ResolvedOptions, 'subscribe' | 'operationMilliseconds'>,
): OperationPlugin {
  return {
    wrapSubscribe: run => async (args, context) => {
      assertStreamable(context)
      const identity = await context.identity
      const giveBack = streams.take(context, identity)
      try {
        const beginning = subscribe ? subscribe(args) : run(args, context)
        const answer = await beginInTime<OperationAnswer>(beginning, operationMilliseconds)
        if (isStream(answer)) return streams.open(answer, context, identity, giveBack)
        giveBack()
        return answer
      } catch (error) {
        giveBack()
        throw error
      }
    },
  }
}

function assertStreamable({ way }: ServerContext): void {
  if (way.isStreamable) return
  throw new RefractError(
    'BAD_REQUEST',
    'A subscription is answered with a stream. Expected Accept: text/event-stream, or a WebSocket.',
  )
}
