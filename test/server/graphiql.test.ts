import { describe, expect, it } from 'vitest'
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
    expect((await fetch(`${open.url}/graphql`, asPage)).headers.get('content-type')).toContain('text/html')
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
  })
}

const slowly = { timeout: 20_000 }

/** Editors show spaces as no-break spaces. */
async function textOf(text: Promise<string | null>): Promise<string | undefined> {
  return (await text)?.replaceAll('\u00a0', ' ')
}
