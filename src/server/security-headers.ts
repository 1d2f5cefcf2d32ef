import type { IncomingMessage, ServerResponse } from 'node:http'
import helmet from 'helmet'

export type SecurityHeaders = readonly (readonly [name: string, value: string])[]

const yearInSeconds = 31_536_000

/**
 * The headers that every answer has: a browser takes nothing of it for a page, a script or a frame, and in production
 * asks by HTTPS only. GraphiQL's page has a policy of its own.
 *
 * They are the same for every answer, so Helmet is asked once.
 */
export function createSecurityHeaders(isProduction: boolean): SecurityHeaders {
  const headers: [string, string][] = []
  const response = {
    setHeader: (name: string, value: string) => headers.push([name, value]),
    removeHeader: () => undefined,
  }
  const setHeaders = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // other hosts of the domain are not ours to decide about
    strictTransportSecurity: isProduction ? { maxAge: yearInSeconds, includeSubDomains: false } : false,
    xFrameOptions: { action: 'deny' },
  })
  setHeaders({} as IncomingMessage, response as unknown as ServerResponse, () => undefined)
  return Object.freeze(headers)
}
