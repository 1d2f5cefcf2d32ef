/**
 * Whether subscribers get every change that is theirs, once and in order, whatever breaks: two instances of the example on
 * a PostgreSQL of their own, four writers, twenty subscribers who lose their connections; the database crashes and the
 * instances are killed meanwhile. At the end what each subscriber got is compared with what was committed.
 *
 *   npm run soak                                    ten minutes, 100,000 changes
 *   npm run soak -- --minutes 0.7 --events 5000     the short form
 *
 * Needs PostgreSQL's programs (Debian: the package postgresql), and no server. Ends with 1 where something was lost.
 */
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { createRandom } from '../../src/app/seed/random.ts'
import { type Cluster, createCluster } from '../cluster.ts'
import { compareEvents } from './compare.ts'
import { createFaults } from './faults.ts'
import { compareWithJournal, type ExpectedEvent, expectedEvents, readHistory } from './history.ts'
import { createInstance, type Instance } from './instance.ts'
import { readOptions, type SoakOptions } from './options.ts'
import { formatReport, isPassed, type Outcome } from './report.ts'
import { type Subscriber, startSubscriber } from './subscriber.ts'
import { createWatches } from './watches.ts'
import { createWorld } from './world.ts'
import { startWriters, writeFirst } from './writers.ts'

/** How long somebody may get nothing at the end before it is given up. */
const patienceMilliseconds = 30_000

const options = readOptions()
const cluster = await createCluster('soak')
const instances = await Promise.all(['A', 'B'].map(name => createInstance(name, cluster.url)))
const stopAll = async () => {
  await Promise.all(instances.map(instance => instance.kill()))
  await cluster.remove()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => stopAll().then(() => process.exit(130)))
try {
  const outcome = await soak(options, cluster, instances)
  console.log(formatReport(outcome))
  process.exitCode = isPassed(outcome) ? 0 : 1
} finally {
  await stopAll()
}

async function soak(
  { minutes, events, seed }: SoakOptions,
  cluster: Cluster,
  instances: readonly Instance[],
): Promise<Outcome> {
  const milliseconds = minutes * 60_000
  // the first one migrates; the accounts are made there
  for (const instance of instances) await instance.start()
  const world = await createWorld(instances[0] as Instance, cluster.url)
  const startedAt = performance.now()
  const faults = createFaults({ cluster, instances, milliseconds, seed })
  const subscribers = createWatches(world).map(watch => {
    const random = createRandom(`${seed} subscriber ${watch.name}`)
    const socketUrl = () => random.pick(instances).socketUrl
    return startSubscriber({ watch, random, socketUrl, isCalm: faults.isCalm })
  })
  await writeFirst(cluster.url, world, () => subscribers.every(({ events: own }) => own.length > 0))
  faults.start()
  const memory = watchMemory(instances)
  const progress = setInterval(() => report(startedAt, writers.counts, subscribers), 15_000)
  const writers = startWriters(cluster.url, world, { changes: events, milliseconds, seed })
  await writers.done
  await faults.end()
  for (const subscriber of subscribers) subscriber.calm()
  const client = new pg.Client(cluster.url)
  await client.connect()
  const history = await readHistory(client)
  const expected = subscribers.map(({ watch }) => expectedEvents(watch, history))
  await untilAllHaveAll(subscribers, expected)
  const seconds = (performance.now() - startedAt) / 1_000
  clearInterval(progress)
  await Promise.all(subscribers.map(subscriber => subscriber.stop()))
  const journal = await compareWithJournal(client)
  await client.end()
  return {
    ...{ options, seconds, journal, instances, writers: writers.counts, faults: faults.counts },
    ...{ logged: history.length, mostMemory: memory.end() },
    subscribers: subscribers.map((subscriber, index) => ({
      subscriber,
      comparison: compareEvents(subscriber.events, expected[index] ?? []),
    })),
  }
}

/** Waits until the last event of each has come, or nobody gets anything any more. */
async function untilAllHaveAll(
  subscribers: readonly Subscriber[],
  expected: readonly (readonly ExpectedEvent[])[],
): Promise<void> {
  const received = () => subscribers.reduce((sum, { events }) => sum + events.length, 0)
  let [count, since] = [received(), performance.now()]
  const isMissing = () =>
    subscribers.some(({ events }, index) => events.at(-1)?.cursor !== expected[index]?.at(-1)?.cursor)
  while (isMissing() && performance.now() - since < patienceMilliseconds) {
    await wait(200)
    if (received() > count) [count, since] = [received(), performance.now()]
  }
}

function watchMemory(instances: readonly Instance[]): { end(): number } {
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, ...instances.map(instance => instance.memory()))
  }, 1_000)
  return {
    end() {
      clearInterval(timer)
      return most
    },
  }
}

function report(
  startedAt: number,
  { changes }: { readonly changes: number },
  subscribers: readonly Subscriber[],
): void {
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  const events = subscribers.reduce((sum, subscriber) => sum + subscriber.events.length, 0)
  console.error(`${seconds} s: ${changes} changes, ${events} events`)
}
