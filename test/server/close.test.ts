import { Agent, get } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { graphqlFetch } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

describe('closing', () => {
  it.each([true, false])('fails no request under load (connections kept alive: %s)', async keepAlive => {
    const server = await startTestServer({ lingerMilliseconds: 500 })
    const agent = new Agent({ keepAlive, maxSockets: 16 })
    onTestFinished(() => agent.destroy())
    const outcomes: unknown[] = []
    let closed: Promise<void> | undefined
    const sendUntilClosed = async () => {
      for (let request = 0; request < 20_000; request++) {
        const outcome = await outcomeOf(getThrough(agent, `${server.url}/graphql?query=%7Bhello%7D`))
        if (outcome === 'ECONNREFUSED' && closed) {
          return
        }
        outcomes.push(outcome)
        if (outcomes.length === 400) {
          closed = server.close()
        }
      }
    }
    await Promise.all(Array.from({ length: 16 }, sendUntilClosed))
    await closed
    expect(outcomes.length).toBeGreaterThanOrEqual(400)
    expect(new Set(outcomes)).toEqual(new Set([200]))
  })

  it('lets a running request end', async () => {
    const server = await startTestServer({ isProduction: true })
    const running = graphqlFetch(server.url, '{ wait }')
    await server.waiting
    const closed = server.close()
    await expect(fetch(server.url)).rejects.toThrow()
    server.release()
    const answer = await running
    expect(answer).toMatchObject({ status: 200, data: { wait: 'waited' } })
    expect(answer.headers.get('connection')).toBe('close')
    await closed
  })

  it('cuts off what is still running at the deadline', async () => {
    const server = await startTestServer({ closeMilliseconds: 100 })
    const running = outcomeOf(graphqlFetch(server.url, '{ wait }'))
    await server.waiting
    await server.close()
    expect(await running).toBe('UND_ERR_SOCKET')
  })

  it('is not ready, on connections that are still open, and is live', async () => {
    const server = await startTestServer({ lingerMilliseconds: 2_000 })
    const agent = new Agent({ keepAlive: true })
    onTestFinished(() => agent.destroy())
    const [first, second] = await Promise.all([
      getThrough(agent, `${server.url}/health/ready`),
      getThrough(agent, `${server.url}/health/live`),
    ])
    expect([first.status, second.status]).toEqual([200, 200])
    const closed = server.close()
    const ready = await getThrough(agent, `${server.url}/health/ready`)
    expect(ready).toEqual({
      status: 503,
      connection: 'close',
      body: { status: 'closing', reason: 'This server is shutting down.' },
    })
    expect((await getThrough(agent, `${server.url}/health/live`)).status).toBe(200)
    await closed
  })

  it('does not wait for connections that nobody uses', async () => {
    const server = await startTestServer({ closeMilliseconds: 60_000, lingerMilliseconds: 50 })
    const silent = connect(server.port, '127.0.0.1')
    onTestFinished(() => void silent.destroy())
    await new Promise(resolve => silent.once('connect', resolve))
    await graphqlFetch(server.url, '{ hello }')
    await server.close()
  })

  it('may be asked for twice', async () => {
    const server = await startTestServer()
    await Promise.all([server.close(), server.close()])
    await server.close()
  })
})

/** The status of an answer, or the code of the error that came instead. */
async function outcomeOf(answer: Promise<{ readonly status: number | undefined }>): Promise<unknown> {
  try {
    return (await answer).status
  } catch (error) {
    const { cause, code } = error as { cause?: { code?: string }; code?: string }
    return cause?.code ?? code ?? error
  }
}

interface Got {
  readonly status: number | undefined
  readonly connection: string | undefined
  readonly body: unknown
}

function getThrough(agent: Agent, url: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, response => {
      let text = ''
      response.on('data', chunk => {
        text += chunk
      })
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          connection: response.headers.connection,
          body: JSON.parse(text),
        }),
      )
    }).on('error', reject)
  })
}
