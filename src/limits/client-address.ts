import type { IncomingHttpHeaders } from 'node:http'
import { type AddressRange, canonicalAddress, isInRanges, parseAddress } from '../lib/ip-address.ts'

/** The header in which the trusted proxies write whom they got a request from. */
export type ProxyHeader = 'x-forwarded-for' | 'forwarded'

export interface AddressReaderOptions {
  /** The proxies that are believed. Default: none. */
  readonly trustedProxies?: readonly AddressRange[]
  /** Only one is read: a proxy that writes the one passes on what a client put into the other. */
  readonly proxyHeader?: ProxyHeader
}

/** Returns the address of the client in its one usual spelling; undefined where the connection is gone. */
export type AddressReader = (peer: string | undefined, headers: IncomingHttpHeaders) => string | undefined

/**
 * Returns a function that finds the client's address: the peer of the connection or, where that is a trusted proxy, the
 * last address ahead of the trusted ones in the proxies' header.
 *
 * Own code: `proxy-addr` reads `X-Forwarded-For` only.
 */
export function createAddressReader({
  trustedProxies = [],
  proxyHeader = 'x-forwarded-for',
}: AddressReaderOptions = {}): AddressReader {
  const readHops = proxyHeader === 'forwarded' ? readForwarded : readForwardedFor
  return (peer, headers) => {
    if (peer === undefined) return undefined
    const header = headers[proxyHeader]
    let client = header === undefined || trustedProxies.length === 0 ? undefined : parseAddress(peer)
    if (client === undefined) return canonicalAddress(peer)
    const hops = readHops(String(header))
    while (hops.length > 0 && isInRanges(client, trustedProxies)) {
      const before = parseAddress(hops.pop() ?? '')
      // "unknown", or a name that a proxy made up: the proxy is all that is known
      if (before === undefined) break
      client = before
    }
    return client.toString()
  }
}

function readForwardedFor(header: string): string[] {
  return header.split(',')
}

/** The `for` of each hop (RFC 7239, section 4); an empty text for a hop without. */
function readForwarded(header: string): string[] {
  return (header.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map(hop => {
    const value = /(?:^|;)\s*for\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)/i.exec(hop)?.[1] ?? ''
    return value.replace(/^"|"$/g, '')
  })
}
