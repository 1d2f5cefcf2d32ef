import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A range of addresses, such as `10.0.0.0/8`. */
export type AddressRange = readonly [address: Address, bits: number]

/** Names for the ranges that proxies usually stand in. */
const namedRanges: ReadonlyMap<string, readonly string[]> = new Map([
  ['loopback', ['127.0.0.0/8', '::1/128']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
])

/**
 * Returns the address that a text names, however it is spelt: with a port, in brackets, with a zone, an IPv4 address
 * inside an IPv6 one, groups left out or in capitals. Undefined where it names none.
 */
export function parseAddress(text: string): Address | undefined {
  const bare = withoutPort(text.trim()).replace(/%.*$/, '')
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : undefined
}

/** An address in its one usual spelling; undefined where a text names none. */
export function canonicalAddress(text: string): string | undefined {
  // As the system spells IPv4 peers: nearly every request, so nothing is parsed.
  const mapped = text.startsWith('::ffff:') ? text.slice('::ffff:'.length) : text
  return isIPv4(mapped) ? mapped : parseAddress(text)?.toString()
}

/** The ranges that a name, an address or a range in CIDR notation stands for; undefined where it is none of them. */
export function parseAddressRanges(text: string): readonly AddressRange[] | undefined {
  const named = namedRanges.get(text.toLowerCase())
  if (named) return named.map(range => ipaddr.parseCIDR(range))
  if (ipaddr.isValidCIDR(text)) return [ipaddr.parseCIDR(text)]
  const address = ipaddr.isValid(text) ? ipaddr.process(text) : undefined
  return address && [[address, address.kind() === 'ipv4' ? 32 : 128]]
}

export function isInRanges(address: Address, ranges: readonly AddressRange[]): boolean {
  return ranges.some(
    ([start, bits]) =>
      start.kind() === address.kind() && (address as ipaddr.IPv4).match(start as ipaddr.IPv4, bits),
  )
}

/**
 * What all addresses of one caller have in common: an IPv4 address itself; of an IPv6 address its first 64 bits, since
 * whoever has one has all that begin with them.
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  if (isIPv4(address)) return address
  const parsed = parseAddress(address)
  if (parsed === undefined) return 'unknown'
  if (parsed.kind() === 'ipv4') return parsed.toString()
  const groups = (parsed as ipaddr.IPv6).parts.slice(0, 4).map(part => part.toString(16))
  return `${groups.join(':')}::/64`
}

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text)
  if (bracketed) return bracketed[1] ?? ''
  return /^[^:]+:\d+$/.test(text) ? text.slice(0, text.indexOf(':')) : text
}
