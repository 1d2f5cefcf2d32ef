import type { IncomingMessage } from 'node:http'
import { RefractError } from '../errors.ts'
import type { RequestLimits } from '../limits/index.ts'

type BodyLimits = Pick<RequestLimits, 'bodyBytes' | 'requestMilliseconds'>

/**
 * Returns the request's body as text; at once where it has come with the headers, as that of most operations does. Throws
 * PAYLOAD_TOO_LARGE as soon as it is known to be over the limit, REQUEST_TIMEOUT when it has not come in time, and
 * BAD_REQUEST when it is not UTF-8 or breaks off.
 */
export function readBody(request: IncomingMessage, limits: BodyLimits): Promise<string> | string {
  const bytes = readBytes(request, limits)
  return Buffer.isBuffer(bytes) ? decode(bytes) : bytes.then(decode)
}

/** As `readBody`, whatever the bytes are. */
export function readBytes(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> | Buffer {
  const { bodyBytes } = limits
  const length = Number(request.headers['content-length'] ?? 0)
  if (length > bodyBytes) throw tooLarge(bodyBytes)
  if (length > 0 && request.readableLength === length) return request.read() as Buffer
  return collect(request, limits)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Buffer): string {
  try {
    return decoder.decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) {
      throw new RefractError('BAD_REQUEST', 'The body of this request is not valid UTF-8.')
    }
    throw error
  }
}

function collect(
  request: IncomingMessage,
  { bodyBytes, requestMilliseconds: milliseconds }: BodyLimits,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const timer = setTimeout(
      () =>
        fail(
          new RefractError(
            'REQUEST_TIMEOUT',
            `The body of this request did not arrive within ${milliseconds / 1_000} seconds.`,
          ),
        ),
      milliseconds,
    )
    const stop = () => {
      clearTimeout(timer)
      request.off('data', onData).off('end', onEnd).off('close', onClose)
    }
    const fail = (error: RefractError) => {
      stop()
      // What still comes is thrown away, so that the client can read the answer after it has sent everything.
      request.resume()
      reject(error)
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > bodyBytes) {
        fail(tooLarge(bodyBytes))
        return
      }
      chunks.push(chunk)
    }
    const onEnd = () => {
      stop()
      resolve(Buffer.concat(chunks, size))
    }
    const onClose = () => fail(new RefractError('BAD_REQUEST', 'The body of this request broke off.'))
    request.on('data', onData).on('end', onEnd).on('close', onClose)
    // A connection that breaks also closes; without a listener the error would be an uncaught exception.
    request.on('error', () => undefined)
  })
}

/** What a client is told whose body is over the limit. */
export function tooLarge(bodyBytes: number): RefractError {
  return new RefractError(
    'PAYLOAD_TOO_LARGE',
    `The body of this request is larger than ${bodyBytes} bytes, the most that is accepted.`,
  )
}
