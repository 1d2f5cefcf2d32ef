import type { ExecutionResult } from 'graphql'

/** A query whose answer is worked out anew whenever it could be another one. */
export interface LiveQuery {
  /** Equal for those that have the same answer; undefined for one that has its own. */
  readonly key: string | undefined
  /** The names of the models that the answer depends on; null for all. */
  readonly models: ReadonlySet<string> | null
  run(): Promise<ExecutionResult>
}

export interface LiveSettings {
  /** The least time between two answers of one query. */
  readonly intervalMilliseconds: number
  /** How often a query is asked again where changes that it depends on are not recorded. */
  readonly refreshMilliseconds: number
}

export const defaultLiveSettings: LiveSettings = Object.freeze({
  intervalMilliseconds: 100, // at most 10 times a second
  refreshMilliseconds: 5_000, // 5 seconds
})

/** Live queries of an instance. Equal ones run once. */
export interface LiveQueries {
  /** The answer, and each other one that it changes into; of several that came meanwhile the last. */
  open(query: LiveQuery): AsyncIterableIterator<ExecutionResult>
  /** Models have changed. */
  changed(models: ReadonlySet<string>): void
  close(): void
}

export function createLiveQueries(
  isRecorded: (model: string) => boolean,
  settings: LiveSettings = defaultLiveSettings,
): LiveQueries {
  const groups = new Map<string, LiveGroup>()
  let alone = 0
  return {
    open(query) {
      alone += 1
      const name = query.key === undefined ? `alone ${alone}` : `shared ${query.key}`
      const group = groups.get(name) ?? createGroup(query, settings, isRecorded, () => groups.delete(name))
      groups.set(name, group)
      return group.join()
    },
    changed(models) {
      for (const group of groups.values()) group.changed(models)
    },
    close() {
      for (const group of groups.values()) group.close()
    },
  }
}

interface LiveGroup {
  join(): AsyncIterableIterator<ExecutionResult>
  changed(models: ReadonlySet<string>): void
  close(): void
}

/** Those who have the same answer. */
function createGroup(
  query: LiveQuery,
  { intervalMilliseconds, refreshMilliseconds }: LiveSettings,
  isRecorded: (model: string) => boolean,
  onEmpty: () => void,
): LiveGroup {
  const members = new Set<LatestQueue<ExecutionResult>>()
  let answer: ExecutionResult | undefined
  let text = ''
  let [isRunning, isStale] = [false, false]
  let lastRun = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const run = async () => {
    isRunning = true
    isStale = false
    lastRun = performance.now()
    const result = await query.run()
    isRunning = false
    const changedText = JSON.stringify(result)
    if (changedText !== text) {
      answer = result
      text = changedText
      for (const member of members) member.put(result)
    }
    if (isStale) schedule()
  }
  const fail = (error: unknown) => {
    isRunning = false
    for (const member of members) member.end(error instanceof Error ? error : new Error(String(error)))
  }
  const schedule = () => {
    isStale = true
    if (isRunning || timer || members.size === 0) return
    const wait = Math.max(0, lastRun + intervalMilliseconds - performance.now())
    timer = setTimeout(() => {
      timer = undefined
      run().catch(fail)
    }, wait)
  }
  const isSeen = query.models !== null && [...query.models].every(isRecorded)
  const refreshing = isSeen ? undefined : setInterval(schedule, refreshMilliseconds)
  const leave = (member: LatestQueue<ExecutionResult>) => {
    members.delete(member)
    if (members.size > 0) return
    clearTimeout(timer)
    clearInterval(refreshing)
    onEmpty()
  }
  return {
    join() {
      const member = createLatestQueue<ExecutionResult>(() => leave(member))
      members.add(member)
      if (answer) member.put(answer)
      else schedule()
      return member.iterator
    },
    changed(models) {
      const concerned = query.models
      if (!concerned || [...concerned].some(name => models.has(name))) schedule()
    },
    close() {
      for (const member of [...members]) member.end()
    },
  }
}

/** Holds the last item for a consumer who takes items in her own time. */
interface LatestQueue<Item> {
  put(item: Item): void
  /** After the item that is held comes the end, or the error. */
  end(error?: Error): void
  readonly iterator: AsyncIterableIterator<Item>
}

function createLatestQueue<Item extends object>(onEnd: () => void): LatestQueue<Item> {
  let latest: Item | undefined
  let ended: { error: Error | undefined } | undefined
  let wake: () => void = () => undefined
  const end = (error?: Error) => {
    if (ended) return
    ended = { error }
    onEnd()
    wake()
  }
  const iterator: AsyncIterableIterator<Item> = {
    async next() {
      while (!latest && !ended) {
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      const item = latest
      latest = undefined
      if (item) return { done: false, value: item }
      const error = ended?.error
      ended = { error: undefined }
      if (error) throw error
      return { done: true, value: undefined }
    },
    async return() {
      latest = undefined
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
  return {
    put: item => {
      latest = item
      wake()
    },
    end,
    iterator,
  }
}
