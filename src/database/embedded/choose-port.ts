import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

// Below the ports that systems hand out to outgoing connections, so that the choice is still free tomorrow.
const firstPort = 15_432
const portCount = 10_000

/**
 * The port for a folder's embedded database: `preferred` when it is free, otherwise the first free one counted from a
 * number that follows from the folder's path, so that a deleted `.refract` gets the same port again.
 */
export async function choosePort(projectDir: string, preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred
  const start = createHash('sha256').update(projectDir).digest().readUInt32BE(0)
  for (let offset = 0; offset < portCount; offset++) {
    const port = firstPort + ((start + offset) % portCount)
    if (port !== preferred && (await isFree(port))) return port
  }
  return 0
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
