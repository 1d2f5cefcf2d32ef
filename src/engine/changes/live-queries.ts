import type { ExecutionResult } from 'graphql'

/** A query whose answer is worked out anew whenever it could be another one. */
export interface LiveQuery {
  /**
   * Equal for those that have the same answer as things are now; undefined for one that has its own.
   *
   * @throws what a rule of the project throws
   */
  key(): string | undefined
  /** The names of the models that the answer depends on as things are now; null for all. */
  models(): ReadonlySet<string> | null
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
  const place = (member: Member) => {
    const key = member.query.key()
    if (key === undefined) alone += 1
    const name = key === undefined ? `alone ${alone}` : `shared ${key}`
    const group = groups.get(name) ?? createGroup({ key, models: member.query.models() }, parts(name))
    groups.set(name, group)
    group.join(member)
  }
  const parts = (name: string) => ({ settings, isRecorded, place, onEmpty: () => groups.delete(name) })
  return {
    open(query) {
      const member = createMember(query)
      place(member)
      return member.answers.iterator
    },
    changed(models) {
      for (const group of [...groups.values()]) group.changed(models)
    },
    close() {
      for (const group of [...groups.values()]) group.close()
    },
  }
}

/** Somebody who wants the answers to a query. */
interface Member {
  readonly query: LiveQuery
  readonly answers: LatestQueue<ExecutionResult>
  /** What the last answer was that it got. */
  text: string
  leave(): void
}

function createMember(query: LiveQuery): Member {
  const member: Member = {
    query,
    answers: createLatestQueue(() => member.leave()),
    text: '',
    leave: () => undefined,
  }
  return member
}

interface LiveGroup {
  join(member: Member): void
  changed(models: ReadonlySet<string>): void
  close(): void
}

interface GroupParts {
  readonly settings: LiveSettings
  readonly isRecorded: (model: string) => boolean
  /** Finds the group of a member. */
  readonly place: (member: Member) => void
  readonly onEmpty: () => void
}

/** Those who have the same answer. */
function createGroup(
  { key, models }: { readonly key: string | undefined; readonly models: ReadonlySet<string> | null },
  { settings: { intervalMilliseconds, refreshMilliseconds }, isRecorded, place, onEmpty }: GroupParts,
): LiveGroup {
  const members = new Set<Member>()
  let answer: { readonly result: ExecutionResult; readonly text: string } | undefined
  let [isRunning, isStale] = [false, false]
  let lastRun = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | undefined

  const give = (member: Member) => {
    if (!answer || member.text === answer.text) return
    member.text = answer.text
    member.answers.put(answer.result)
  }
  /** Whose rights are others by now has the answer of others. */
  const moveStrays = () => {
    for (const member of [...members]) {
      try {
        if (member.query.key() === key) continue
        leave(member)
        place(member)
      } catch (error) {
        member.answers.end(asError(error))
      }
    }
  }
  const run = async () => {
    isStale = false
    moveStrays()
    const [asker] = members
    if (!asker) return
    isRunning = true
    lastRun = performance.now()
    const result = await asker.query.run()
    isRunning = false
    answer = { result, text: JSON.stringify(result) }
    for (const member of members) give(member)
    if (isStale) schedule()
  }
  const fail = (error: unknown) => {
    isRunning = false
    for (const member of [...members]) member.answers.end(asError(error))
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
  const isSeen = models !== null && [...models].every(isRecorded)
  const refreshing = isSeen ? undefined : setInterval(schedule, refreshMilliseconds)
  const leave = (member: Member) => {
    members.delete(member)
    if (members.size > 0) return
    clearTimeout(timer)
    clearInterval(refreshing)
    onEmpty()
  }
  return {
    join(member) {
      member.leave = () => leave(member)
      members.add(member)
      if (answer) give(member)
      else schedule()
    },
    changed(names) {
      if (!models || [...models].some(name => names.has(name))) schedule()
    },
    close() {
      for (const member of [...members]) member.answers.end()
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
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
