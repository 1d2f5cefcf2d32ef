import { type ExecutionResult, GraphQLError } from 'graphql'
import type { CredentialWatch, Identity } from '../../auth/index.ts'
import { RefractError } from '../../errors.ts'
import { Tally } from '../../lib/tally.ts'
import { rateKey } from '../../limits/index.ts'
import type { AnswerWay } from '../answer-way.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import { credentialFault } from './credential-fault.ts'
import { ResultStream } from './result-stream.ts'
import { watchStall } from './watch-stall.ts'

export interface StreamsOptions {
  /** Of one viewer, or else of one address, in this process. */
  readonly viewerSubscriptions: number
  /** How long a client may take nothing of what is there for it. */
  readonly stallMilliseconds: number
  readonly credentials: CredentialWatch
}

/** The subscriptions that are open, by whichever transport. */
export interface Streams {
  /**
   * Takes up one more subscription of somebody; returns what gives it back.
   *
   * @throws RefractError RATE_LIMITED where there are too many
   */
  take(context: ServerContext, identity: Identity): () => void
  /** Follows a subscription until it ends: with its client, its credentials, or the server. */
  open(
    source: AsyncIterable<ExecutionResult>,
    context: ServerContext,
    identity: Identity,
    onEnd: () => void,
  ): ResultStream
  /** That are open over a transport. */
  count(transport: AnswerWay['transport']): number
  /** Ends those over HTTP without a last word, so that their clients come back; of sockets, the sockets tell. */
  close(): void
}

export function createStreams({
  viewerSubscriptions,
  stallMilliseconds,
  credentials,
}: StreamsOptions): Streams {
  const counts = new Tally()
  const open = new Tally()
  const breakers = new Set<() => void>()

  function follow(stream: ResultStream, { way }: ServerContext, identity: Identity): () => void {
    // else nginx would keep the events until there are many
    way.setHeader('X-Accel-Buffering', 'no')
    const breakOff = () => {
      stream.pause()
      way.breakOff()
    }
    breakers.add(breakOff)
    const unwatch = credentials.watch(identity, end => {
      const { error } = credentialFault(end)
      stream.finish({ errors: [new GraphQLError(error.message, { originalError: error })] })
    })
    const unwatchStall = watchStall(way, stallMilliseconds)
    return () => {
      breakers.delete(breakOff)
      unwatch()
      unwatchStall()
    }
  }

  return {
    take({ http }, { viewer }) {
      const key = rateKey(viewer.id, http.address)
      if (counts.count(key) >= viewerSubscriptions) {
        throw new RefractError(
          'RATE_LIMITED',
          `Too many subscriptions: ${viewerSubscriptions} are open, the most that one caller may have. End some of them first.`,
        )
      }
      return counts.add(key)
    },
    open(source, context, identity, onEnd) {
      const { way } = context
      const leave = () => stream.end()
      const close = open.add(way.transport)
      let unfollow: () => void = () => undefined
      const stream = new ResultStream(source, () => {
        way.offClose(leave)
        unfollow()
        close()
        onEnd()
      })
      way.onClose(leave)
      // a socket's credentials and its pace are the socket's own business
      if (way.transport === 'http') unfollow = follow(stream, context, identity)
      return stream
    },
    count: transport => open.count(transport),
    close() {
      for (const breakOff of [...breakers]) breakOff()
    },
  }
}
