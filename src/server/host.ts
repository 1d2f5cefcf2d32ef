/** The status for a host that is not served here. */
export const misdirected = 421

/** Nearly all requests of a server name the same one. */
let lastHost: string | undefined

/** Yoga makes a URL of it, and would answer with a stack where it cannot. */
export function isHost(host: string | undefined): boolean {
  if (host === lastHost) return true
  if (!canBeHost(host)) return false
  lastHost = host
  return true
}

function canBeHost(host: string | undefined): boolean {
  return host === undefined || (/^[\w.:[\]-]*$/.test(host) && URL.canParse(`http://${host || 'localhost'}`))
}
