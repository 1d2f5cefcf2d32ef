/**
 * The clients of bench/subscriptions.ts, in a process of their own, so that what they take is not the gateway's. Speaks with
 * its parent by messages: opens so many sockets, then counts what comes.
 */
import { WebSocket } from 'ws'

export interface ClientsOrder {
  readonly url: string
  readonly secret: string
  readonly sockets: number
  /** The row that each socket listens to, in turns. */
  readonly rows: readonly string[]
}

export interface ClientsReport {
  /** Those of changes since the last `reset`. */
  readonly events: number
  /** Sockets that have ever got an event. */
  readonly ready: number
  /** How many events took as many milliseconds as their index says; the last one: or more. */
  readonly delays: readonly number[]
  /** Seconds of CPU of this process. */
  readonly cpu: number
}

const longest = 60_000 // milliseconds
const atOnce = 50

const delays = new Uint32Array(longest + 1)
let [events, ready, since] = [0, 0, 0]
const query = `subscription ($id: UUID!) { teamChanged(where: { id: { equals: $id } }) { at cursor type node { id name } } }`

process.on('message', (order: ClientsOrder | 'report' | 'reset') => {
  if (order === 'reset') {
    since = Date.now()
    events = 0
    delays.fill(0)
    process.send?.('reset')
    return
  }
  if (order === 'report') {
    const { user, system } = process.cpuUsage()
    process.send?.({ events, ready, delays: [...delays], cpu: (user + system) / 1e6 } satisfies ClientsReport)
    return
  }
  openAll(order).then(
    () => process.send?.('open'),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})
process.once('disconnect', () => process.exit())

async function openAll(order: ClientsOrder): Promise<void> {
  // a few at a time, as clients come
  for (let opened = 0; opened < order.sockets; opened += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, order.sockets - opened) }, (_, index) =>
      open(order, opened + index),
    )
    await Promise.all(some)
  }
}

function open({ url, secret, rows }: ClientsOrder, number: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'graphql-transport-ws', {
      perMessageDeflate: false,
      skipUTF8Validation: true,
    })
    socket.on('error', reject)
    socket.on('close', (code, reason) => {
      console.error(`A socket was closed: ${code} ${reason}`)
      process.exit(1)
    })
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-refract-admin-secret': secret } })),
    )
    let isReady = false
    socket.on('message', (data: Buffer) => {
      if (count(data)) {
        if (!isReady) ready += 1
        isReady = true
        return
      }
      const message = JSON.parse(data.toString())
      if (message.type !== 'connection_ack') {
        reject(new Error(data.toString()))
        return
      }
      const payload = { query, variables: { id: rows[number % rows.length] } }
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload }))
      resolve()
    })
  })
}

const marker = Buffer.from('"at":"')
const momentLength = '2026-01-01T00:00:00.000Z'.length

/** Counts an event; false for what is none. Nothing of it is parsed but its moment: here are thousands of clients. */
function count(data: Buffer): boolean {
  const place = data.indexOf(marker)
  if (place < 0) return false
  const begin = place + marker.length
  const at = Date.parse(data.toString('latin1', begin, begin + momentLength))
  if (at < since) return true
  const delay = Date.now() - at
  const index = Math.min(longest, Math.max(0, delay))
  delays[index] = (delays[index] ?? 0) + 1
  events += 1
  return true
}
