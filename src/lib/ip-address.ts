import { isIPv6 } from 'node:net'

/**
 * The key that attempts of an address are counted by: an IPv4 address in one spelling, an IPv6 address by its /64,
 * which is what one customer is given.
 */
export function addressKey(address: string | undefined): string {
  if (address === undefined) return 'unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return mapped
  const plain = address.replace(/%.*$/, '')
  if (!isIPv6(plain)) return address
  // the URL parser writes every spelling alike
  const canonical = new URL(`http://[${plain}]`).hostname.slice(1, -1)
  return `${expand(canonical).slice(0, 4).join(':')}::/64`
}

function expand(address: string): readonly string[] {
  const [head = '', tail] = address.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':'))
  if (tail === undefined) return groups(head)
  const [before, after] = [groups(head), groups(tail)]
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}
