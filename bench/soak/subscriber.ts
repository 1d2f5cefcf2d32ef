import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Random } from '../../src/app/seed/random.ts'
import type { ChangeType, Watch } from './watches.ts'

/** An event as it came. */
export interface ReceivedEvent {
  readonly cursor: string
  readonly type: ChangeType
  readonly changedFields: readonly string[]
  readonly nodeId: string
  /** The connection that it came by, counted from 1, and its place among the events of that. */
  readonly connection: number
  readonly place: number
}

export interface SubscriberCounts {
  connections: number
  /** Connections that this end has cut off. */
  cutOff: number
  /** Connections that ended otherwise, by the close code or the error's. */
  readonly endings: Map<string, number>
}

export interface Subscriber {
  readonly watch: Watch
  readonly events: readonly ReceivedEvent[]
  readonly counts: Readonly<SubscriberCounts>
  /** Milliseconds from the writing of rows to their events, of those that came when nothing was broken. */
  readonly calmDelays: readonly number[]
  /** Of all events. */
  readonly longestDelay: number
  /** Cuts off no more connections. */
  calm(): void
  stop(): Promise<void>
}

export interface SubscriberOptions {
  readonly watch: Watch
  readonly random: Random
  /** Where to connect; asked for each connection. */
  readonly socketUrl: () => string
  /** Whether nothing has been broken for a while. */
  readonly isCalm: () => boolean
}

const caughtUpMilliseconds = 2_000

/** Subscribes, loses its connection now and then, and goes on after the last event that it has. */
export function startSubscriber(options: SubscriberOptions): Subscriber {
  const { watch, random, isCalm } = options
  const events: ReceivedEvent[] = []
  const calmDelays: number[] = []
  const counts: SubscriberCounts = { connections: 0, cutOff: 0, endings: new Map() }
  let [isStopped, isSteady, longestDelay] = [false, false, 0]
  let current: Connection | undefined

  const receive = ({ at, ...event }: WireEvent, place: number, connectedAt: number) => {
    events.push({ ...event, connection: counts.connections, place })
    const delay = Date.now() - Date.parse(at)
    longestDelay = Math.max(longestDelay, delay)
    if (isCalm() && performance.now() - connectedAt > caughtUpMilliseconds) calmDelays.push(delay)
  }
  const run = async () => {
    while (!isStopped) {
      counts.connections += 1
      const connectedAt = performance.now()
      let place = 0
      const connection = openConnection(options.socketUrl(), watch, events.at(-1)?.cursor, event => {
        place += 1
        receive(event, place, connectedAt)
      })
      current = connection
      const timer = isSteady ? undefined : setTimeout(() => connection.cut(), cutAfter(random))
      const ending = await connection.ended
      clearTimeout(timer)
      if (ending === 'cut') counts.cutOff += 1
      else counts.endings.set(ending, (counts.endings.get(ending) ?? 0) + 1)
      await wait(isSteady ? 100 : pauseAfter(random))
    }
  }
  const running = run()
  return {
    ...{ watch, events, counts, calmDelays },
    get longestDelay() {
      return longestDelay
    },
    calm() {
      isSteady = true
    },
    async stop() {
      isStopped = true
      current?.cut()
      await running
    },
  }
}

/** Mostly soon, so that many connections are cut off while they are still catching up. */
function cutAfter(random: Random): number {
  return random.chance(0.3) ? random.integer(10, 1_000) : random.integer(1_000, 30_000)
}

function pauseAfter(random: Random): number {
  return random.chance(0.1) ? random.integer(2_000, 10_000) : random.integer(0, 1_000)
}

interface WireEvent extends Omit<ReceivedEvent, 'connection' | 'place'> {
  readonly at: string
}

interface Connection {
  /** Ends it without a word to the other side. */
  cut(): void
  /** `cut`, or how it ended otherwise. */
  readonly ended: Promise<string>
}

/** One connection with one subscription: what comes after it is cut off is not looked at, as if it were lost. */
function openConnection(
  url: string,
  watch: Watch,
  after: string | undefined,
  onEvent: (event: WireEvent) => void,
): Connection {
  let socket: WebSocket | undefined
  let isOver = false
  let cut: () => void = () => undefined
  const ended = new Promise<string>(resolve => {
    const end = (reason: string) => {
      if (isOver) return
      isOver = true
      socket?.terminate()
      resolve(reason)
    }
    cut = () => end('cut')
    const client = createClient({
      url,
      webSocketImpl: WebSocket,
      connectionParams: watch.credentials,
      retryAttempts: 0,
      on: {
        opened: opened => {
          socket = opened as WebSocket
          if (isOver) socket.terminate()
        },
        closed: event => end(describeEnding(event)),
      },
    })
    client.subscribe<Readonly<Record<string, WireEvent>>>(
      { query: documentOf(watch), variables: { after } },
      {
        next: ({ data, errors }) => {
          if (isOver) return
          if (errors) end(describeEnding(errors))
          else if (data?.event) onEvent(data.event)
        },
        error: error => end(describeEnding(error)),
        complete: () => end('completed'),
      },
    )
  })
  return { cut: () => cut(), ended }
}

function documentOf({ table, filter, types }: Watch): string {
  const given = ['after: $after', filter, types && `types: [${types.join(', ')}]`].filter(Boolean).join(', ')
  const field = table === 'issues' ? 'issueChanged' : 'teamChanged'
  const node = table === 'issues' ? 'id title status team { key } author { name }' : 'id name'
  return `subscription ($after: String) {
    event: ${field}(${given}) { at cursor type changedFields nodeId node { ${node} } }
  }`
}

/** A close code, the code of a GraphQL error, or what was thrown. */
function describeEnding(thrown: unknown): string {
  const [first = thrown] = Array.isArray(thrown) ? thrown : [thrown]
  const { code, extensions, message } = first as {
    readonly code?: unknown
    readonly extensions?: { readonly code?: unknown }
    readonly message?: unknown
  }
  return String(extensions?.code ?? code ?? message ?? first)
}
