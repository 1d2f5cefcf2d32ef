import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import type { AuthProvider } from '../../src/auth/index.ts'
import { startAuthServer } from '../auth/auth-server.ts'
import { findChromium, withBrowserPage } from '../support/browser.ts'
import { readAnswer } from '../support/http.ts'
import { startTestServer } from './test-server.ts'

const asPage = { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }
const firstQuery = '# Greets </script> and $& too\nquery First {\n  hello(name: "Refract")\n}\n'

describe('the GraphiQL page', () => {
  it('is where the root leads', async () => {
    const { url } = await startTestServer()
    const response = await fetch(url, { ...asPage, redirect: 'manual' })
    expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql'])
  })

  it('may not ask any other origin for anything', async () => {
    const { url } = await startTestServer()
    const response = await fetch(`${url}/graphql`, asPage)
    const policy = response.headers.get('content-security-policy')
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/https?:|\*/)
    expect(await response.text()).toContain('<title>Refract</title>')
  })

  it('is not sent again to a browser that has it', async () => {
    const { url } = await startTestServer()
    const first = await fetch(`${url}/graphql`, asPage)
    const etag = first.headers.get('etag') ?? ''
    await first.arrayBuffer()
    const second = await fetch(`${url}/graphql`, { headers: { ...asPage.headers, 'If-None-Match': etag } })
    expect(second.status).toBe(304)
  })

  it('is not served in production, unless it is asked for', async () => {
    const closed = await startTestServer({ isProduction: true })
    const page = await readAnswer(await fetch(`${closed.url}/graphql`, asPage))
    expect(page.errors).toMatchObject([{ message: 'Must provide query string.' }])
    expect((await readAnswer(await fetch(closed.url, asPage))).status).toBe(404)
    const open = await startTestServer({ isProduction: true, graphiql: true })
    const served = await fetch(`${open.url}/graphql`, asPage)
    expect(served.headers.get('content-type')).toContain('text/html')
    expect(await served.text()).not.toContain('view-as')
  })
})

// Only where there is a browser to look with.
if (findChromium() !== undefined) {
  describe('GraphiQL in Chromium', () => {
    it('runs the first query, and asks nobody but its own server', { timeout: 60_000 }, async () => {
      const { url } = await startTestServer({ firstQuery })
      await withBrowserPage(async ({ page, requestedUrls, complaints }) => {
        await page.goto(url)
        expect(await page.title()).toBe('Refract')
        const editor = page.locator('.graphiql-query-editor')
        await expect
          .poll(() => textOf(editor.textContent()), slowly)
          .toContain('# Greets </script> and $& too')
        await page.locator('.graphiql-execute-button').click()
        const answer = page.locator('.result-window')
        await expect.poll(() => textOf(answer.textContent()), slowly).toContain('"hello": "Hello Refract"')
        await page.getByLabel('Show Documentation Explorer').click()
        await expect
          .poll(() => textOf(page.locator('.graphiql-plugin').textContent()), slowly)
          .toContain('query: Query')
        expect(requestedUrls.length).toBeGreaterThanOrEqual(3)
        expect(new Set(requestedUrls.map(requested => new URL(requested).origin))).toEqual(new Set([url]))
        expect(complaints).toEqual([])
      })
    })

    it('acts as the first user, and as whom the menu says, also after a reload', {
      timeout: 60_000,
    }, async () => {
      const { url } = await startAuthServer({ provider })
      await withBrowserPage(async ({ page, requestedUrls, complaints }) => {
        const menu = page.getByLabel('Signed in as')
        await page.goto(`${url}/graphql?query={viewer{id,isAdministrator}}`)
        expect(await run(page)).toContain('"id": "ann"')
        expect(await menu.locator('option').allTextContents()).toEqual([
          'Ann – admin',
          'Bob – member',
          'administrator',
          'nobody, or who has signed in here',
        ])
        await choose(page, 'Bob – member')
        expect(await run(page)).toContain('"id": "bob"')
        await page.reload()
        expect(await run(page)).toContain('"id": "bob"')
        await choose(page, 'administrator')
        expect(await run(page)).toContain('"isAdministrator": true')
        await choose(page, 'nobody, or who has signed in here')
        const answer = await run(page)
        expect(answer).toContain('"id": null')
        expect(answer).toContain('"isAdministrator": false')
        expect(new Set(requestedUrls.map(requested => new URL(requested).origin))).toEqual(new Set([url]))
        expect(complaints).toEqual([])
      })
    })

    it('keeps the query when the user changes', { timeout: 60_000 }, async () => {
      const { url } = await startAuthServer({ provider, firstQuery: '{ viewer { id } }' })
      await withBrowserPage(async ({ page }) => {
        const tabs = page.locator('.graphiql-tab-button')
        await page.goto(`${url}/graphql`)
        expect(await run(page)).toContain('"id": "ann"')
        // stored half a second after it has changed
        await expect
          .poll(() => page.evaluate(() => localStorage.getItem('graphiql:tabState')), slowly)
          .toContain('viewer')
        await choose(page, 'Bob – member')
        expect(await run(page)).toContain('"id": "bob"')
        expect(await tabs.count()).toBe(1)
      })
    })

    it('goes on as the same user when the server has started again', { timeout: 60_000 }, async () => {
      const { url } = await startAuthServer({ provider })
      const second = await startAuthServer({ provider })
      await withBrowserPage(async ({ page }) => {
        await page.goto(`${url}/graphql?query={viewer{id}}`)
        expect(await run(page)).toContain('"id": "ann"')
        // The other process answers at the same address from now on.
        await page.route(`${url}/graphql**`, async route => {
          const response = await route.fetch({ url: route.request().url().replace(url, second.url) })
          await route.fulfill({ response })
        })
        expect(await run(page)).toContain('"id": "ann"')
      })
    })

    it('has a menu of its own colours in both themes', { timeout: 60_000 }, async () => {
      const { url } = await startAuthServer({ provider })
      await withBrowserPage(async ({ page }) => {
        const colourOf = (selector: string) =>
          page
            .locator(selector)
            .first()
            .evaluate(element => getComputedStyle(element).backgroundColor)
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          await page.goto(`${url}/graphql`)
          await page.locator('#view-as').waitFor()
          expect(await colourOf('#view-as')).toBe(await colourOf('.graphiql-container'))
        }
        const height = await page.evaluate(() => document.documentElement.scrollHeight)
        expect(height).toBe(page.viewportSize()?.height)
      })
    })
  })
}

const slowly = { timeout: 20_000 }

/** Editors show spaces as no-break spaces. */
async function textOf(text: Promise<string | null>): Promise<string | undefined> {
  return (await text)?.replaceAll('\u00a0', ' ')
}

const provider: AuthProvider = {
  identify: async () => null,
  viewerOf: async id => ({ id, roles: ['member'] }),
  developmentViewers: async () => [
    { id: 'ann', label: 'Ann – admin' },
    { id: 'bob', label: 'Bob – member' },
  ],
}

/** Chooses in the menu, which loads the page anew. */
async function choose(page: Page, label: string): Promise<void> {
  const loaded = page.waitForEvent('load')
  await page.getByLabel('Signed in as').selectOption({ label })
  await loaded
}

/** Runs the query in the editor and returns the answer that it gets. */
async function run(page: Page): Promise<string> {
  const button = page.locator('.graphiql-execute-button')
  await button.waitFor()
  const answered = page.waitForResponse(response => (response.request().postData() ?? '').includes('viewer'))
  await button.click()
  await answered
  const window = page.locator('.result-window')
  await expect.poll(() => textOf(window.textContent()), slowly).toContain('"viewer"')
  return (await textOf(window.textContent())) ?? ''
}
