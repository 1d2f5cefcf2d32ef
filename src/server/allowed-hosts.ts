import { isIP } from 'node:net'

/** Whether a request is meant for this server, by its `Host`. */
export type HostCheck = (host: string | undefined) => boolean

/** Listening there is listening on every address that the machine has. */
const everyAddress = ['0.0.0.0', '::']

/**
 * Returns a function that checks the `Host` of a request, its port left out. In the list, `.example.com` stands for
 * example.com and all names below it, `0.0.0.0` for every address. Without a list, everything is taken.
 */
export function createHostCheck(allowed: readonly string[] | undefined): HostCheck {
  if (!allowed) return () => true
  const names = new Set(allowed.map(name => name.toLowerCase()))
  const endings = [...names].filter(name => name.startsWith('.'))
  const areAddressesAllowed = everyAddress.some(address => names.has(address))
  return host => {
    const name = hostName(host)
    return (
      names.has(name) ||
      endings.some(ending => name === ending.slice(1) || name.endsWith(ending)) ||
      (areAddressesAllowed && isIP(name) !== 0)
    )
  }
}

/** The name or address in a `Host` header: without the port, the brackets and the dot at the end. */
function hostName(host: string | undefined): string {
  const withoutPort = (host ?? '').toLowerCase().replace(/:\d*$/, '')
  const bare = withoutPort.replace(/^\[(.*)\]$/, '$1')
  return isIP(bare) ? bare : bare.replace(/\.$/, '')
}
