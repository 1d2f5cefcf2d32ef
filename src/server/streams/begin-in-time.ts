import { RefractError } from '../../errors.ts'
import { isStream } from '../is-single-result.ts'

/**
 * What a subscription begins with: its stream, or errors. One that comes too late is ended.
 *
 * @throws RefractError TIMEOUT; 0 milliseconds are for ever
 */
export async function beginInTime<Answer>(
  beginning: Promise<Answer> | Answer,
  milliseconds: number,
): Promise<Answer> {
  if (milliseconds === 0) return await beginning
  let isLate = false
  let timer: NodeJS.Timeout | undefined
  const timeUp = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      isLate = true
      reject(
        new RefractError(
          'TIMEOUT',
          `This subscription did not begin within ${milliseconds / 1_000} seconds. Send it again.`,
        ),
      )
    }, milliseconds)
  })
  const begun = Promise.resolve(beginning).then(answer => {
    if (isLate && isStream(answer)) endUnread(answer)
    return answer
  })
  try {
    return await Promise.race([begun, timeUp])
  } finally {
    clearTimeout(timer)
  }
}

function endUnread(stream: AsyncIterable<unknown>): void {
  // whatever its cleaning up comes to, nobody waits for it
  stream[Symbol.asyncIterator]()
    .return?.()
    ?.catch(() => undefined)
}
