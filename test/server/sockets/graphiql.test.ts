import { expect, it } from 'vitest'
import type { DevelopmentUsers } from '../../../src/server/view-as.ts'
import { findChromium, withBrowserPage } from '../../support/browser.ts'
import { openSocket, startSocketServer } from './socket-server.ts'

const developmentUsers: DevelopmentUsers = {
  viewerOf: async id => ({ id, roles: ['member'] }),
  developmentViewers: async () => [{ id: 'ann', label: 'Ann' }],
}

async function tokenOf(url: string): Promise<string> {
  const response = await fetch(`${url}/graphql/view-as`)
  const { viewers } = (await response.json()) as { viewers: [{ token: string }] }
  return viewers[0].token
}

it('whom GraphiQL acts as counts on sockets, too, in development', async () => {
  const { url, socketUrl } = await startSocketServer({ developmentUsers, isCostAnnounced: false })
  const token = await tokenOf(url)
  const client = await openSocket(socketUrl)
  await client.init({ headers: { 'X-Refract-View-As': token } })
  client.send({ id: '1', type: 'subscribe', payload: { query: '{ viewer }' } })
  expect(await client.message({ type: 'next' })).toMatchObject({ payload: { data: { viewer: 'ann' } } })
})

it('whom GraphiQL acts as is refused from elsewhere, and means nothing in production', async () => {
  const development = await startSocketServer({ developmentUsers })
  const token = await tokenOf(development.url)
  const client = await openSocket(development.socketUrl, { headers: { 'X-Forwarded-For': '192.0.2.1' } })
  client.send({ type: 'connection_init', payload: { 'x-refract-view-as': token } })
  expect((await client.closed).code).toBe(4401)
  const production = await startSocketServer({ developmentUsers, isProduction: true })
  const other = await openSocket(production.socketUrl)
  await other.init({ 'x-refract-view-as': token })
  other.send({ id: '1', type: 'subscribe', payload: { query: '{ viewer }' } })
  expect(await other.message({ type: 'next' })).toMatchObject({ payload: { data: { viewer: null } } })
})

// Only where there is a browser to look with.
if (findChromium() !== undefined) {
  it('GraphiQL in Chromium runs a subscription as whom the menu says', { timeout: 60_000 }, async () => {
    const server = await startSocketServer({ developmentUsers, firstQuery: 'subscription { mine }' })
    await withBrowserPage(async ({ page, requestedUrls, complaints }) => {
      await page.goto(`${server.url}/graphql`)
      await page.getByLabel('Signed in as').waitFor()
      const button = page.locator('.graphiql-execute-button')
      await button.click()
      await server.events.until(1)
      const answer = page.locator('.result-window')
      for (const event of ['one', 'two']) {
        server.events.send(event)
        await expect
          .poll(async () => (await answer.textContent())?.replaceAll('\u00a0', ' '), { timeout: 20_000 })
          .toContain(`"mine": "${event} of ann"`)
      }
      await button.click()
      await server.events.until(0)
      expect(new Set(requestedUrls.map(requested => new URL(requested).origin))).toEqual(
        new Set([server.url]),
      )
      expect(complaints).toEqual([])
    })
  })

  it('the page of GraphiQL may open sockets to its own server, and to no other', {
    timeout: 60_000,
  }, async () => {
    const server = await startSocketServer()
    const other = await startSocketServer({ corsOrigins: [server.url] })
    await withBrowserPage(async ({ page }) => {
      await page.goto(`${server.url}/graphql`)
      const open = (url: string) =>
        page.evaluate(
          address =>
            new Promise<string>(resolve => {
              const socket = new WebSocket(address, 'graphql-transport-ws')
              socket.onopen = () => resolve('open')
              socket.onerror = () => resolve('error')
            }),
          url,
        )
      expect(await open(server.socketUrl)).toBe('open')
      expect(await open(other.socketUrl)).toBe('error')
    })
  })
}
