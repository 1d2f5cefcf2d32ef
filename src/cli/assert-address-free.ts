import { createServer } from 'node:http'
import { type Address, listen } from '../server/listen.ts'

/**
 * Throws a StartError where the server could not listen: better before the database is migrated than after. Whoever
 * takes the port in between is still noticed when it is listened on. Returns the port: a free one for port 0.
 */
export async function assertAddressFree({ host, port }: Address): Promise<number> {
  const probe = createServer()
  const bound = await listen(probe, { host, port })
  await new Promise(resolve => probe.close(resolve))
  return bound.port
}
