import type { AnswerWay } from '../answer-way.ts'

/**
 * Breaks an answer off whose client takes nothing for so long although there is more for it. Returns what stops watching.
 */
export function watchStall(way: AnswerWay, milliseconds: number): () => void {
  let stalledAt: number | undefined
  let written = way.bytesWritten
  const timer = setInterval(() => {
    if (!way.isFull || way.bytesWritten !== written) {
      stalledAt = undefined
      written = way.bytesWritten
      return
    }
    const now = performance.now()
    stalledAt ??= now
    if (now - stalledAt >= milliseconds * (1 - stepShare)) way.abort()
  }, milliseconds * stepShare)
  timer.unref()
  return () => clearInterval(timer)
}

const stepShare = 0.25
