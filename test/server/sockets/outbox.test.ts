import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { Outbox } from '../../../src/server/sockets/outbox.ts'

const bufferBytes = 100_000
const text = 'x'.repeat(50_000)

it('an outbox keeps its limit, and one message more, whoever sends at once', async () => {
  const { near, carrier, far } = await connectPair()
  far.pause()
  let isStalled = false
  const outbox = new Outbox(near, carrier, {
    bufferBytes,
    stallMilliseconds: 200,
    onStall: () => {
      isStalled = true
    },
  })
  const sends = Array.from({ length: 1_000 }, () => outbox.send(text))
  let most = 0
  while (!isStalled) {
    most = Math.max(most, near.bufferedAmount)
    await new Promise(resolve => setImmediate(resolve))
  }
  expect(most).toBeGreaterThan(0)
  expect(most).toBeLessThan(bufferBytes + text.length + 100)
  let hasRoom = false
  const room = Promise.resolve(outbox.room()).then(() => {
    hasRoom = true
  })
  await Promise.resolve()
  expect(hasRoom).toBe(false)
  far.resume()
  await Promise.all([...sends, room])
})

it('an outbox lets everybody go when its socket closes', async () => {
  const { near, carrier, far } = await connectPair()
  far.pause()
  const outbox = new Outbox(near, carrier, {
    bufferBytes,
    stallMilliseconds: 60_000,
    onStall: () => undefined,
  })
  const sends = Array.from({ length: 1_000 }, () => outbox.send(text))
  near.terminate()
  await Promise.all([...sends, outbox.room()])
})

/** The two ends of a WebSocket. */
async function connectPair(): Promise<{ near: WebSocket; carrier: Duplex; far: WebSocket }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await new Promise(resolve => server.once('listening', resolve))
  const accepted = new Promise<{ near: WebSocket; carrier: Duplex }>(resolve =>
    server.once('connection', (near, request) => resolve({ near, carrier: request.socket })),
  )
  const far = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  far.on('error', () => undefined)
  await new Promise(resolve => far.once('open', resolve))
  const { near, carrier } = await accepted
  onTestFinished(() => {
    far.terminate()
    near.terminate()
    server.close()
  })
  return { near, carrier, far }
}
