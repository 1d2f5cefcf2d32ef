import type { IncomingMessage } from 'node:http'
import { RefractError } from '../errors.ts'
import type { RequestLimits } from '../limits/index.ts'

type BodyLimits = Pick<RequestLimits, 'bodyBytes' | 'requestMilliseconds'>

/**
 * Returns the request's body as text. Throws PAYLOAD_TOO_LARGE as soon as it is known to be over the limit,
 * REQUEST_TIMEOUT when it has not come in time, and BAD_REQUEST when it is not UTF-8 or breaks off.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<string> {
  const bytes = await readBytes(request, limits)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) {
      throw new RefractError('BAD_REQUEST', 'The body of this request is not valid UTF-8.')
    }
    throw error
  }
}

/** As `readBody`, whatever the bytes are. */
export async function readBytes(
  request: IncomingMessage,
  { bodyBytes, requestMilliseconds }: BodyLimits,
): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > bodyBytes) {
    throw tooLarge(bodyBytes)
  }
  return await collect(request, bodyBytes, requestMilliseconds)
}

function collect(request: IncomingMessage, bodyBytes: number, milliseconds: number): Promise<Buffer> {
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
