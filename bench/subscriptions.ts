/**
 * How long events take from the database to sockets, and what a socket takes of memory: one instance of the example on
 * a PostgreSQL server where databases may be created, as many sockets as are asked for, each with one subscription, and
 * writes that are spread evenly over a while. The clients run in this process, on the same machine.
 *
 *   node --import tsx bench/subscriptions.ts --sockets 1000 --rate 200 --seconds 10
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { WebSocket } from 'ws'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    sockets: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    /** Each socket listens to one of so many rows, and each change is of one of them. */
    rows: { type: 'string', default: '1' },
  },
})
const [serverUrl = 'postgresql://postgres@127.0.0.1:5432/postgres'] = positionals
const [sockets, rate] = [Number(values.sockets), Number(values.rate)]
const [seconds, rows] = [Number(values.seconds), Number(values.rows)]
const root = fileURLToPath(new URL('..', import.meta.url))
const secret = 'a-secret-that-is-long-enough-for-a-benchmark'
const name = 'refract_bench_subscriptions'
const team = (number: number) => `00000000-0000-4000-8000-${String(number % rows).padStart(12, '0')}`

const admin = new pg.Client(serverUrl)
await admin.connect()
await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
await admin.query(`CREATE DATABASE "${name}"`)
const url = new URL(serverUrl)
url.pathname = `/${name}`

const port = await freePort()
const gateway = await start()
const writer = new pg.Client(url.href)
await writer.connect()
await writer.query(
  `INSERT INTO teams (id, key, name, updated_at) SELECT t.id::uuid, 'T' || chr(65 + (t.n / 26)::int) || chr(65 + (t.n % 26)::int), 'Team ' || t.n, now()
   FROM unnest($1::text[]) WITH ORDINALITY AS t (id, n)`,
  [Array.from({ length: rows }, (_, number) => team(number))],
)

const before = memory(gateway)
const delays: number[] = []
const clients = await openAll(sockets)
await wait(3_000)
const after = memory(gateway)
console.log(`${sockets} sockets are open: ${((after - before) / sockets / 1024).toFixed(1)} KB a socket`)

const busy = cpuSeconds(gateway)
const startedAt = performance.now()
for (let count = 0; count < rate * seconds; count += 1) {
  const due = startedAt + (count * 1_000) / rate
  const early = due - performance.now()
  if (early > 1) await wait(early)
  await writer.query(`UPDATE teams SET name = $1 WHERE id = '${team(count)}'`, [`Name ${count}`])
}
const written = performance.now() - startedAt
const expected = (rate * seconds * sockets) / rows
for (let turn = 0; delays.length < expected && turn < 600; turn += 1) await wait(100)
const total = performance.now() - startedAt
const sorted = delays.toSorted((one, other) => one - other)
const at = (part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN
console.log(
  `${rate * seconds} changes in ${(written / 1_000).toFixed(1)} s; ${delays.length} of ${expected} events after ${(total / 1_000).toFixed(1)} s: ` +
    `${Math.round(delays.length / (total / 1_000))} events/s`,
)
console.log(`delay p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`)
console.log(`CPU of the gateway: ${(cpuSeconds(gateway) - busy).toFixed(1)} s`)

for (const client of clients) client.terminate()
await writer.end()
gateway.kill()
await new Promise(resolve => gateway.once('exit', resolve))
await admin.query(`DROP DATABASE "${name}" WITH (FORCE)`)
await admin.end()

async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['bin/refract.js', 'start'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: url.href,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      REFRACT_ADMIN_SECRET: secret,
      REFRACT_AUTH_SECRET: secret,
      REFRACT_PUBLIC_URL: `http://127.0.0.1:${port}`,
      REFRACT_RATE_LIMIT_POINTS: '0',
    },
  })
  for (let turn = 0; turn < 300; turn += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    if (answer?.ok) return child
    await wait(200)
  }
  throw new Error('The gateway did not start.')
}

async function openAll(count: number): Promise<readonly WebSocket[]> {
  const opened: WebSocket[] = []
  // a few at a time, as clients come
  while (opened.length < count) {
    const some = Array.from({ length: Math.min(50, count - opened.length) }, (_, index) =>
      open(opened.length + index),
    )
    opened.push(...(await Promise.all(some)))
  }
  return opened
}

function open(number: number): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws')
    socket.on('error', reject)
    socket.on('close', (code, reason) => reject(new Error(`closed ${code} ${reason}`)))
    socket.on('open', () =>
      socket.send(JSON.stringify({ type: 'connection_init', payload: { 'x-refract-admin-secret': secret } })),
    )
    socket.on('message', data => {
      const message = JSON.parse(String(data))
      if (message.type === 'next') delays.push(Date.now() - Date.parse(message.payload.data.teamChanged.at))
      if (message.type === 'error') reject(new Error(JSON.stringify(message)))
      if (message.type !== 'connection_ack') return
      const query = `subscription ($id: UUID!) { teamChanged(where: { id: { equals: $id } }) { at cursor type node { id name } } }`
      socket.send(
        JSON.stringify({ type: 'subscribe', id: '1', payload: { query, variables: { id: team(number) } } }),
      )
      resolve(socket)
    })
  })
}

function memory({ pid }: ChildProcess): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) * 1024
}

function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function freePort(): Promise<number> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
