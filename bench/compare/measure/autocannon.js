// A process of its own, so that it does not wait for the harness: its argument says what to send, its output what came.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(new URL('../../peers/package.json', import.meta.url))
const autocannon = require('autocannon')

const { url, headers, connections, milliseconds, bodiesFile } = JSON.parse(process.argv[2])
const bodies = readFileSync(bodiesFile, 'utf8').trimEnd().split('\n')
const instance = autocannon({
  url,
  connections,
  // it knows whole seconds only
  duration: Math.ceil(milliseconds / 1_000) + 1,
  requests: bodies.map(body => ({ method: 'POST', headers, body })),
})
setTimeout(() => instance.stop(), milliseconds)
const { requests, latency, duration, errors, non2xx } = await instance
console.log(
  JSON.stringify({
    requests: requests.total,
    seconds: duration,
    failures: errors + non2xx,
    medianMilliseconds: latency.p50,
    p99Milliseconds: latency.p99,
  }),
)
