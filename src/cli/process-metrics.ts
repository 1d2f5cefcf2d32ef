import type { Config } from '../config.ts'
import { type ChangeLogState, type Database, readChangeLogState } from '../database/index.ts'
import type { Engine } from '../engine/index.ts'
import type { Log } from '../observe/log.ts'
import type { Metrics } from '../observe/metrics.ts'
import { readPackageVersion } from '../project/index.ts'
import type { RunningServer } from '../server/index.ts'
import type { Closers } from './closers.ts'

/** What is measured of this process; undefined where the settings do not ask for it, and then none of the code is loaded. */
export async function createProcessMetrics({ metricsPort }: Config): Promise<Metrics | undefined> {
  if (metricsPort === undefined) return undefined
  const { createMetrics } = await import('../observe/metrics.ts')
  return createMetrics(readPackageVersion())
}

export interface MetricsParts {
  readonly metrics: Metrics
  readonly config: Config
  readonly server: Pick<RunningServer, 'activity'>
  readonly database: Database
  readonly changes: Engine['changes']
  readonly log: Log
  readonly closers: Closers
}

/** Adds what is open and how it stands with the log of changes, and serves all of it on the address of the settings. */
export async function startMetrics(parts: MetricsParts): Promise<void> {
  const { metrics, config, server, log, closers } = parts
  const { serveMetrics } = await import('../server/index.ts')
  metrics.gauge('refract_sockets', 'WebSockets that are open.', () => server.activity().sockets)
  metrics.gauge(
    'refract_socket_subscriptions',
    'Subscriptions on WebSockets.',
    () => server.activity().socketSubscriptions,
  )
  metrics.gauge(
    'refract_stream_subscriptions',
    'Subscriptions over server-sent events.',
    () => server.activity().streamSubscriptions,
  )
  measureChanges(parts)
  const { url, close } = await serveMetrics(metrics, {
    host: config.metricsHost,
    port: config.metricsPort ?? 0,
  })
  closers.add(close)
  log.info(`Metrics are at ${url}`)
}

function measureChanges({ metrics, database, changes }: MetricsParts): void {
  const readState = shared(() => readChangeLogState(sql => database.query(sql, [], longestMilliseconds)))
  const readLag = shared(() => changes.lag())
  metrics.gauge(
    'refract_changes_lag_seconds',
    'Since the oldest change was written that this process has still to deliver; not a number while nobody subscribes.',
    async () => seconds(await readLag()),
  )
  const gauges: readonly [name: string, help: string, of: (state: ChangeLogState) => number][] = [
    [
      'rows',
      'Changes that are kept in the database; an estimate where there are very many.',
      state => state.rows,
    ],
    ['bytes', 'What they take on its disk.', state => state.bytes],
    ['oldest_seconds', 'Since the oldest of them was written.', state => state.oldestSeconds],
    [
      'held_rows',
      'Changes that wait for a transaction which began to write before them.',
      state => state.heldRows,
    ],
    ['held_seconds', 'Since the oldest of those was written.', state => state.heldSeconds],
    [
      'oldest_writer_seconds',
      'Since the oldest transaction began that has written and still runs, as far as the role of the database sees others.',
      state => state.oldestWriter?.seconds ?? 0,
    ],
  ]
  for (const [name, help, of] of gauges) {
    metrics.gauge(`refract_changes_${name}`, help, async () => {
      const state = await readState()
      return state ? of(state) : undefined
    })
  }
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1_000
}

const longestMilliseconds = 2_000 // shorter than a look of Prometheus may take

/** One reading for all who ask at the same time; undefined where the database does not answer in time. */
function shared<Value>(read: () => Promise<Value>): () => Promise<Value | undefined> {
  let reading: Promise<Value | undefined> | undefined
  return () => {
    reading ??= within(read(), longestMilliseconds).finally(() => {
      reading = undefined
    })
    return reading
  }
}

async function within<Value>(work: Promise<Value>, milliseconds: number): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  // a database that is away is no fault of who looks: it shows as a number that is missing
  const answered = work.catch(() => undefined)
  try {
    return await Promise.race([answered, timeUp])
  } finally {
    clearTimeout(timer)
  }
}
