import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { GraphiQLOptions } from 'graphql-yoga'
import { addMenu } from './graphiql-menu.ts'
import { favicon, logo } from './logo.ts'

export interface GraphiQLPageOptions {
  readonly firstQuery: string | undefined
  readonly graphqlPath: string
  readonly isProduction: boolean
}

/**
 * The browser itself keeps the page from any other origin: everything it needs is inside it. Its editor compiles code
 * at run time and starts its workers from blobs.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'img-src data:',
  'font-src data:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const compress = promisify(gzip)

interface Page {
  readonly plain: Buffer
  readonly compressed: Buffer
  readonly etag: string
}

/**
 * Returns a function that answers with GraphiQL. The page is 9 MB: it is made and compressed once, at the first
 * request, and a browser that has it is told so.
 */
export function createGraphiQLPage(
  options: GraphiQLPageOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  let page: Promise<Page> | undefined
  return async (request, response) => {
    page ??= renderPage(options)
    sendPage(request, response, await page)
  }
}

/** Whether a request asks for a page to look at rather than for data. */
export function wantsPage(request: IncomingMessage): boolean {
  return (
    (request.method === 'GET' || request.method === 'HEAD') &&
    (request.headers.accept?.includes('text/html') ?? false)
  )
}

function sendPage(
  request: IncomingMessage,
  response: ServerResponse,
  { plain, compressed, etag }: Page,
): void {
  const headers = {
    'Content-Security-Policy': contentSecurityPolicy,
    'Cache-Control': 'no-cache',
    Vary: 'Accept, Accept-Encoding',
    ETag: etag,
  }
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end()
    return
  }
  const isCompressed = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''))
  const body = isCompressed ? compressed : plain
  response.writeHead(200, {
    ...headers,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': body.length,
    ...(isCompressed ? { 'Content-Encoding': 'gzip' } : {}),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function renderPage({ firstQuery, graphqlPath, isProduction }: GraphiQLPageOptions): Promise<Page> {
  // Loaded when first needed: 9 MB that a production server never touches.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const settings: GraphiQLOptions = {
    title: 'Refract',
    logo,
    favicon,
    endpoint: graphqlPath,
    ...(firstQuery === undefined ? {} : { defaultQuery: queryPlaceholder }),
  }
  const html = renderGraphiQL(settings).replace(JSON.stringify(queryPlaceholder), () => inScript(firstQuery))
  const plain = Buffer.from(isProduction ? html : addMenu(html, graphqlPath))
  const compressed = await compress(plain)
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`
  return { plain, compressed, etag }
}

const queryPlaceholder = 'refract:first-query'

/** JSON for a script inside HTML, where `</script>` would end the script: the renderer does not escape it. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}
