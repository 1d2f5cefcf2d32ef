const longestTimer = 2 ** 31 - 1 // milliseconds; Node fires a longer one at once

/**
 * Calls back at a moment, in milliseconds since 1970, however far it is; soon where it is past. Does not keep the process
 * running. Returns what takes it back.
 */
export function callAt(moment: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout
  const arm = () => {
    const left = moment - Date.now()
    timer = setTimeout(
      () => (left > longestTimer ? arm() : callback()),
      Math.min(Math.max(left, 0), longestTimer),
    )
    timer.unref()
  }
  arm()
  return () => clearTimeout(timer)
}
