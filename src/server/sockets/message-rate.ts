const burstSeconds = 5

/** Returns a function that says whether one more message may come: on average so many a second, five times that at once. */
export function createMessageRate(perSecond: number): () => boolean {
  const most = perSecond * burstSeconds
  let left = most
  let countedAt = performance.now()
  return () => {
    const now = performance.now()
    left = Math.min(most, left + ((now - countedAt) / 1_000) * perSecond)
    countedAt = now
    if (left < 1) return false
    left--
    return true
  }
}
