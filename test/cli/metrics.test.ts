import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { openSocket } from '../server/sockets/socket-server.ts'
import { graphqlFetch } from '../support/http.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { startRefract } from '../support/refract-command.ts'

const schema = `${datasource}
model Toy {
  id   Int    @id @default(autoincrement())
  name String
}
`

/** The status of a request for metrics under a host's name. */
function statusFor(url: string, host: string, path = '/metrics'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { path, headers: { host } }, response => {
      response.resume()
      resolve(response.statusCode)
    })
      .once('error', reject)
      .end()
  })
}

describe('the metrics of refract start', () => {
  it('are on an address of their own, with what is open and how it stands with the changes', async () => {
    const directory = createProjectFolder({ 'prisma/schema.prisma': schema })
    const environment = { REFRACT_METRICS_PORT: '0' }
    const server = startRefract(['start', '--port', '0'], { directory, environment })
    const [, metricsUrl = ''] = await server.waitFor(/Metrics are at (http:\S+)/)
    const [, url = ''] = await server.waitFor(/GraphiQL\s+(http:\S+)\/graphql/)
    const read = async () => {
      const text = await (await fetch(metricsUrl)).text()
      return (name: string) =>
        text.split('\n').find(line => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    }
    const first = await read()
    expect(first('refract_sockets')).toBe('refract_sockets 0')
    expect(first('refract_changes_rows')).toBe('refract_changes_rows 0')
    expect(first('refract_changes_lag_seconds')).toBe('refract_changes_lag_seconds Nan')

    const client = await openSocket(`${url.replace('http', 'ws')}/graphql`)
    await client.init()
    client.send({ type: 'subscribe', id: '1', payload: { query: 'subscription { toyChanged { type } }' } })
    for (let turn = 0; !(await read())('refract_socket_subscriptions')?.endsWith(' 1'); turn += 1) {
      expect(turn).toBeLessThan(200)
    }
    const created = await graphqlFetch(url, 'mutation { createToy(data: { name: "Car" }) { toy { id } } }')
    expect(created.data).toEqual({ createToy: { toy: { id: 1 } } })
    await client.message({ type: 'next' })
    const then = await read()
    expect(then('refract_sockets')).toBe('refract_sockets 1')
    expect(then('refract_changes_rows')).toBe('refract_changes_rows 1')
    expect(then('refract_change_delivery_seconds_count')).toBe('refract_change_delivery_seconds_count 1')
    expect(then('refract_requests_total{transport="http",operation="mutation",status="200"}')).toMatch(/ 1$/)
    expect(then('process_resident_memory_bytes')).toMatch(/ \d+/)

    await graphqlFetch(url, '{ toys(first: -1) { nodes { id } } }')
    const refused = await read()
    expect(refused('refract_operations_not_compiled_total')).toBe(
      'refract_operations_not_compiled_total{reason="input"} 1',
    )

    expect((await fetch(`${url}/metrics`)).status).toBe(404)
    expect(await statusFor(metricsUrl, 'rebound.example.com')).toBe(421)
    expect(await statusFor(metricsUrl, 'localhost', '/')).toBe(404)
    expect((await fetch(metricsUrl, { method: 'POST' })).status).toBe(405)
  })
})
