import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { errorCatalogue } from '../errors.ts'
import type { ServerMetrics } from './server-metrics.ts'

/** A number of this moment; undefined where it cannot be had just now. */
export type ReadNumber = () => number | undefined | Promise<number | undefined>

/** What is measured of this process, for Prometheus. */
export interface Metrics extends ServerMetrics {
  /** Resolvers have answered a query of generated fields, for a reason of this kind. */
  ranOrdinarily(kind: string): void
  /** A change was handed to its subscribers so long after it was written. */
  changeDelivered(milliseconds: number): void
  /** Adds a number that is asked for at each look. */
  gauge(name: string, help: string, read: ReadNumber): void
  /** All of it, in Prometheus's text format. */
  readonly contentType: string
  read(): Promise<string>
}

const requestBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] // seconds
const deliveryBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] // seconds

/** @param version that of Refract */
export function createMetrics(version: string): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  new Gauge({ name: 'refract_info', help: 'What runs.', labelNames: ['version'], registers }).set(
    { version },
    1,
  )
  const delivery = new Histogram({
    ...{ name: 'refract_change_delivery_seconds', registers, buckets: deliveryBuckets },
    help: 'From the writing of a row until its change was handed to the subscribers of this process.',
  })
  const ordinary = new Counter({
    ...{ name: 'refract_operations_not_compiled_total', registers, labelNames: ['reason'] as const },
    help: 'Queries, and fields of mutations, of generated fields alone that resolvers have run; "fault" is a mistake of Refract.',
  })
  return {
    ...createServerMetrics(registers),
    ranOrdinarily: reason => ordinary.inc({ reason }),
    // clocks of two machines
    changeDelivered: milliseconds => delivery.observe(Math.max(0, milliseconds) / 1_000),
    gauge(name, help, read) {
      new Gauge({
        ...{ name, help, registers },
        async collect() {
          this.set((await read()) ?? Number.NaN)
        },
      })
    },
    contentType: registry.contentType,
    read: () => registry.metrics(),
  }
}

function createServerMetrics(registers: Registry[]): ServerMetrics {
  const requests = new Counter({
    ...{
      name: 'refract_requests_total',
      registers,
      labelNames: ['transport', 'operation', 'status'] as const,
    },
    help: 'Requests over HTTP and operations on WebSockets that have ended; 499 where the client was gone before.',
  })
  const durations = new Histogram({
    ...{ name: 'refract_request_duration_seconds', registers, buckets: requestBuckets },
    ...{
      labelNames: ['transport', 'operation'] as const,
      help: 'How long they took, subscriptions left out.',
    },
  })
  const errors = new Counter({
    ...{ name: 'refract_errors_total', registers, labelNames: ['code'] as const },
    help: 'Requests that were answered with an error of the code; those of extensions are "other".',
  })
  const closes = new Counter({
    ...{ name: 'refract_socket_closes_total', registers, labelNames: ['code'] as const },
    help: 'WebSockets that were closed with the code; 4410 are clients that were too slow.',
  })
  return {
    request({ method, operationType: operation = 'none', status, milliseconds, errorCodes }) {
      const transport = method === 'WS' ? 'socket' : 'http'
      requests.inc({ transport, operation, status })
      if (operation !== 'subscription') durations.observe({ transport, operation }, milliseconds / 1_000)
      for (const code of new Set(errorCodes.map(nameError))) errors.inc({ code })
    },
    connection({ closeCode, errorCodes }) {
      closes.inc({ code: closeCodes.has(closeCode) ? String(closeCode) : 'other' })
      for (const code of new Set(errorCodes.map(nameError))) errors.inc({ code })
    },
  }
}

function nameError(code: string): string {
  return Object.hasOwn(errorCatalogue, code) ? code : 'other'
}

/** Those of docs/subscriptions.md, and of clients that leave. A client could choose from thousands. */
const closeCodes: ReadonlySet<number> = new Set([
  ...[1000, 1001, 1005, 1006, 1008, 1009, 1012, 1013],
  ...[4400, 4401, 4403, 4406, 4408, 4409, 4410, 4429, 4500],
])
