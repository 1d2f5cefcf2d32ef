/** The status for a host that is not served here. */
export const misdirected = 421

/** Yoga makes a URL of it, and would answer with a stack where it cannot. */
export function isHost(host: string | undefined): boolean {
  return host === undefined || (/^[\w.:[\]-]*$/.test(host) && URL.canParse(`http://${host || 'localhost'}`))
}
