import { createServer } from 'node:http'
import type { Metrics } from '../observe/metrics.ts'
import { createHostCheck } from './allowed-hosts.ts'
import { misdirected } from './host.ts'
import { type Address, listen } from './listen.ts'
import type { RunningServer } from './start-server.ts'

const path = '/metrics'
const loopback = ['localhost', '127.0.0.1', '::1']

/**
 * Serves metrics on an address of their own, so that nobody finds them beside the API. On an address of this machine only it
 * answers only for that: a page in a browser here can reach it by a name of its own.
 *
 * @throws StartError when the address cannot be had
 */
export async function serveMetrics(
  metrics: Pick<Metrics, 'read' | 'contentType'>,
  address: Address,
): Promise<Pick<RunningServer, 'url' | 'close'>> {
  const isAllowedHost = createHostCheck(loopback.includes(address.host) ? loopback : undefined)
  const server = createServer((request, response) => {
    request.resume()
    const answer = (status: number, body: string, headers = {}) =>
      response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(body)
    if (!isAllowedHost(request.headers.host)) answer(misdirected, 'This host is not served here.\n')
    else if (request.url?.split('?', 1)[0] !== path) answer(404, `Metrics are at ${path}.\n`)
    else if (request.method !== 'GET') answer(405, 'This address answers GET only.\n', { Allow: 'GET' })
    else {
      metrics.read().then(
        text => answer(200, text, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }),
        () => answer(500, 'The metrics could not be read.\n'),
      )
    }
  })
  const { url } = await listen(server, { ...address, setting: 'REFRACT_METRICS_PORT' })
  return {
    url: `${url}${path}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
