import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/observe/metrics.ts'

const entry = {
  ...{ path: '/graphql', requestId: 'a', milliseconds: 30, errorIds: [] },
  ...{ method: 'POST', status: 200, operationType: 'query', errorCodes: [] },
}
const connection = {
  ...{ path: '/graphql', requestId: 'a', milliseconds: 30, reason: '', operations: 1, errorCodes: [] },
  closeCode: 1000,
}

/** The lines about one metric, without its help. */
async function linesOf(metrics: ReturnType<typeof createMetrics>, name: string): Promise<readonly string[]> {
  return (await metrics.read()).split('\n').filter(line => line.startsWith(name))
}

describe('metrics', () => {
  it('count requests by what the server decides, and not by what a client chooses', async () => {
    const metrics = createMetrics('1.2.3')
    for (let count = 0; count < 500; count += 1) {
      metrics.request({
        ...entry,
        path: `/${count}`,
        operationName: `Name${count}`,
        errorCodes: [`MINE_${count}`],
      })
      metrics.connection({ ...connection, closeCode: 3_000 + count, reason: `${count}` })
    }
    metrics.request({
      ...entry,
      method: 'WS',
      operationType: 'mutation',
      status: 499,
      errorCodes: ['TIMEOUT'],
    })
    metrics.connection({ ...connection, closeCode: 4410 })
    expect(await linesOf(metrics, 'refract_requests_total')).toEqual([
      'refract_requests_total{transport="http",operation="query",status="200"} 500',
      'refract_requests_total{transport="socket",operation="mutation",status="499"} 1',
    ])
    expect(await linesOf(metrics, 'refract_errors_total')).toEqual([
      'refract_errors_total{code="other"} 500',
      'refract_errors_total{code="TIMEOUT"} 1',
    ])
    expect(await linesOf(metrics, 'refract_socket_closes_total')).toEqual([
      'refract_socket_closes_total{code="other"} 500',
      'refract_socket_closes_total{code="4410"} 1',
    ])
  })

  it('measure how long requests take, and not for how long somebody subscribes', async () => {
    const metrics = createMetrics('1.2.3')
    metrics.request(entry)
    metrics.request({ ...entry, method: 'WS', operationType: 'subscription', milliseconds: 3_600_000 })
    metrics.request({
      ...entry,
      path: '/health/live',
      method: 'GET',
      operationType: undefined,
      milliseconds: 1,
    })
    expect(await linesOf(metrics, 'refract_request_duration_seconds_sum')).toEqual([
      'refract_request_duration_seconds_sum{transport="http",operation="query"} 0.03',
      'refract_request_duration_seconds_sum{transport="http",operation="none"} 0.001',
    ])
  })

  it('ask for numbers of the moment, and say that one cannot be had', async () => {
    const metrics = createMetrics('1.2.3')
    let sockets = 1
    metrics.gauge('refract_sockets', 'Open.', () => sockets)
    metrics.gauge('refract_changes_rows', 'Kept.', async () => undefined)
    sockets = 2
    expect(await linesOf(metrics, 'refract_sockets')).toEqual(['refract_sockets 2'])
    expect(await linesOf(metrics, 'refract_changes_rows')).toEqual(['refract_changes_rows Nan'])
  })

  it('take a change that a faster clock has written for one of this moment', async () => {
    const metrics = createMetrics('1.2.3')
    metrics.changeDelivered(-50)
    metrics.changeDelivered(250)
    expect(await linesOf(metrics, 'refract_change_delivery_seconds_sum')).toEqual([
      'refract_change_delivery_seconds_sum 0.25',
    ])
  })
})
