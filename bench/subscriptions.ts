/**
 * How long events take from the database to sockets, and what a socket takes of memory: one instance of the example on
 * a PostgreSQL of its own, since other people's transactions hold changes back; as many sockets as are asked for, each with
 * one subscription, and writes that are spread evenly over a while. The clients are a process of their own, on the same
 * machine. Needs PostgreSQL's programs (Debian: the package postgresql), and no server.
 *
 *   node --import tsx bench/subscriptions.ts --sockets 1000 --rate 200 --seconds 10
 *   node --import tsx bench/subscriptions.ts --sockets 10000 --rate 20 --seconds 10
 *
 * `--rows 100` lets each socket listen to one of as many rows, and each change be of one of them: so each change is an event
 * on a hundredth of the sockets. `--profile FOLDER` keeps a profile of the gateway's CPU there.
 */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { createCluster } from './cluster.ts'
import { freePort } from './free-port.ts'
import type { ClientsOrder, ClientsReport } from './subscription-clients.ts'

const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '1000' },
    rate: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '10' },
    rows: { type: 'string', default: '1' },
    profile: { type: 'string' },
  },
})
const [sockets, rate] = [Number(values.sockets), Number(values.rate)]
const [seconds, rows] = [Number(values.seconds), Number(values.rows)]
const root = fileURLToPath(new URL('..', import.meta.url))
const secret = 'a-secret-that-is-long-enough-for-a-benchmark'
const team = (number: number) => `00000000-0000-4000-8000-${String(number % rows).padStart(12, '0')}`

assertFileLimit()
const cluster = await createCluster('bench')
const port = await freePort()
const gateway = await start()
const writer = new pg.Client(cluster.url)
await writer.connect()
await writer.query(
  `INSERT INTO teams (id, key, name, updated_at) SELECT t.id::uuid, 'T' || chr(65 + (t.n / 26)::int) || chr(65 + (t.n % 26)::int), 'Team ' || t.n, now()
   FROM unnest($1::text[]) WITH ORDINALITY AS t (id, n)`,
  [Array.from({ length: rows }, (_, number) => team(number))],
)

const clients = fork(fileURLToPath(new URL('./subscription-clients.ts', import.meta.url)), { cwd: root })
// what the first ones take is the code that serves them
const few = Math.ceil(sockets / 10)
await openSockets(few)
const before = await memory()
const openedAt = performance.now()
await openSockets(sockets - few)
const opening = performance.now() - openedAt
const after = await memory()
const each = (part: keyof Memory) =>
  `${((after[part] - before[part]) / (sockets - few) / 1024).toFixed(1)} KB`
console.log(`${sockets} sockets listen after ${(opening / 1_000).toFixed(1)} s`)
console.log(
  `memory a socket: ${each('inUse')} in use, ${each('resident')} with what is free inside of the process`,
)
clients.send('reset')
await messageOf(clients)

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
let report = await ask()
for (let turn = 0; report.events < expected && turn < 60; turn += 1) {
  await wait(1_000)
  report = await ask()
}
const total = performance.now() - startedAt
const taken = cpuSeconds(gateway) - busy
const at = (part: number) => {
  let left = Math.ceil(report.events * part)
  return report.delays.findIndex(count => {
    left -= count
    return left <= 0
  })
}
console.log(
  `${rate * seconds} changes in ${(written / 1_000).toFixed(1)} s; ${report.events} of ${expected} events after ${(total / 1_000).toFixed(1)} s`,
)
console.log(`delay p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`)
console.log(
  `CPU: ${taken.toFixed(1)} s of the gateway, ${((taken * 1e6) / report.events).toFixed(1)} µs an event; ${report.cpu.toFixed(1)} s of the clients`,
)

clients.disconnect()
await writer.end()
gateway.kill()
await new Promise(resolve => gateway.once('exit', resolve))
await cluster.remove()

/** A process has one file open for each socket, and some more. */
function assertFileLimit(): void {
  const limit = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim()
  const needed = sockets + 200
  if (limit === 'unlimited' || Number(limit) >= needed) return
  console.error(
    `A process may have ${limit} files open, but ${sockets} sockets take ${needed}. Raise it: ulimit -n ${needed}`,
  )
  process.exit(1)
}

async function start(): Promise<ChildProcess> {
  const profiling = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : []
  const teller = ['--expose-gc', `--import=${new URL('./tell-memory.mjs', import.meta.url)}`]
  const child = spawn(process.execPath, [...profiling, ...teller, 'bin/refract.js', 'start'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: cluster.url,
      PORT: String(port),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'error',
      REFRACT_ADMIN_SECRET: secret,
      REFRACT_AUTH_SECRET: secret,
      REFRACT_PUBLIC_URL: `http://127.0.0.1:${port}`,
      REFRACT_RATE_LIMIT_POINTS: '0',
      REFRACT_CONNECTIONS_PER_ADDRESS: String(sockets),
      REFRACT_VIEWER_SUBSCRIPTIONS: String(sockets),
    },
  })
  for (let turn = 0; turn < 300; turn += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined)
    if (answer?.ok) return child
    await wait(200)
  }
  throw new Error('The gateway did not start.')
}

/** Opens so many more, and changes each row until each socket has had an event: by then its subscription has begun. */
async function openSockets(count: number): Promise<void> {
  const wanted = (await ask()).ready + count
  const order: ClientsOrder = {
    ...{ secret, sockets: count, url: `ws://127.0.0.1:${port}/graphql` },
    rows: Array.from({ length: rows }, (_, number) => team(number)),
  }
  clients.send(order)
  await messageOf(clients)
  let last = await ask()
  while (last.ready < wanted) {
    await writer.query(`UPDATE teams SET name = name || '.'`)
    await wait(1_000)
    last = await ask()
  }
  for (let previous = -1; previous < last.events; last = await ask()) {
    previous = last.events
    await wait(2_000)
  }
}

function ask(): Promise<ClientsReport> {
  clients.send('report')
  return messageOf(clients) as Promise<ClientsReport>
}

function messageOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error('A process of the benchmark has ended.'))
    child.once('exit', fail)
    child.once('message', message => {
      child.off('exit', fail)
      resolve(message)
    })
  })
}

/** Bytes. */
interface Memory {
  readonly inUse: number
  readonly resident: number
}

function memory(): Promise<Memory> {
  gateway.send('memory')
  return messageOf(gateway) as Promise<Memory>
}

function cpuSeconds({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
