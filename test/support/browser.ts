import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where a Chromium is installed, if there is one. `CHROMIUM_PATH` names another place. */
export function findChromium(): string | undefined {
  return [process.env.CHROMIUM_PATH, ...places].find(path => path !== undefined && existsSync(path))
}

/** A browser page and every address that it asked for, blobs and data left out. */
export interface BrowserVisit {
  readonly page: Page
  readonly requestedUrls: readonly string[]
  /** What the page said went wrong: uncaught errors and errors on the console. */
  readonly complaints: readonly string[]
}

/** Runs a function with a page of a new browser and closes the browser. Throws when no Chromium is installed. */
export async function withBrowserPage<T>(run: (visit: BrowserVisit) => Promise<T>): Promise<T> {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    throw new Error('This needs Chromium: install it, or name it in CHROMIUM_PATH.')
  }
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    const requestedUrls: string[] = []
    const complaints: string[] = []
    page.on('request', request => {
      if (!/^(?:blob|data):/.test(request.url())) {
        requestedUrls.push(request.url())
      }
    })
    page.on('pageerror', error => complaints.push(error.message))
    page.on('console', message => {
      if (message.type() === 'error') {
        complaints.push(message.text())
      }
    })
    return await run({ page, requestedUrls, complaints })
  } finally {
    await browser.close()
  }
}
