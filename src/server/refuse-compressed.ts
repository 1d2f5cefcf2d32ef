import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { RefractError } from '../errors.ts'
import type { RequestLimits } from '../limits/index.ts'
import { tooLarge } from './read-body.ts'

type Inflate = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

const inflaters: ReadonlyMap<string, Inflate> = new Map([
  ['gzip', promisify(gunzip) as Inflate],
  ['x-gzip', promisify(gunzip) as Inflate],
  ['deflate', promisify(inflate) as Inflate],
  ['br', promisify(brotliDecompress) as Inflate],
])

/**
 * Refuses a compressed body for what it is: PAYLOAD_TOO_LARGE where it would have been too large without compression,
 * else UNSUPPORTED_MEDIA_TYPE. No more than the limit is ever inflated.
 *
 * @param readBytes reads the body as it came, within its limit
 */
export async function refuseCompressed(
  encoding: string,
  { bodyBytes }: Pick<RequestLimits, 'bodyBytes'>,
  readBytes: () => Promise<Buffer> | Buffer,
): Promise<never> {
  const inflateBytes = inflaters.get(encoding)
  if (inflateBytes) {
    try {
      await inflateBytes(await readBytes(), { maxOutputLength: bodyBytes })
    } catch (error) {
      if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(bodyBytes)
      // What is no such compression is refused for the encoding that it claims.
      if (!/^(?:Z_|ERR_)/.test(codeOf(error))) throw error
    }
  }
  throw new RefractError(
    'UNSUPPORTED_MEDIA_TYPE',
    'A GraphQL request is sent uncompressed, without a Content-Encoding.',
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}
