import type { Config } from '../config.ts'
import {
  createDatabaseChanges,
  createNotificationCarrier,
  type Database,
  type DatabaseChanges,
} from '../database/index.ts'
import type { Engine, EventCarrier } from '../engine/index.ts'
import { createRedisCarrier } from '../events/redis-carrier.ts'
import { describeError } from '../observe/describe-error.ts'
import type { Log } from '../observe/log.ts'
import type { Metrics } from '../observe/metrics.ts'
import type { Closers } from './closers.ts'

/** The changes that the database records; what goes wrong with reading them is in the log, and is tried again. */
export function createChangeSource(
  database: Database,
  log: Log,
  metrics: Metrics | undefined,
): DatabaseChanges {
  const source = createDatabaseChanges(database, error => {
    log.warn(`The changes of the database cannot be followed just now: ${describeError(error).message}`)
  })
  return metrics ? { ...source, onDelivered: metrics.changeDelivered } : source
}

/** Carries the project's own events to other instances: over Redis where there is one, else over the database. */
export function createEventCarrier(
  database: Database,
  { redisUrl }: Pick<Config, 'redisUrl'>,
  log: Log,
  closers: Closers,
): EventCarrier {
  if (redisUrl === undefined) {
    return createNotificationCarrier(database, error => {
      log.warn(`Events of other instances cannot be heard just now: ${describeError(error).message}`)
    })
  }
  const carrier = createRedisCarrier(redisUrl, log)
  closers.add(() => carrier.close())
  return carrier
}

/** How often it is looked for changes that are too old to be kept. */
const pruneMilliseconds = 60_000 // a minute

/**
 * Deletes changes that are older than the retention, in the background and in small batches. Where nothing is recorded there
 * is nothing to do.
 *
 * @returns ends it
 */
export function pruneChanges(
  changes: Engine['changes'],
  { changeRetentionMilliseconds }: Pick<Config, 'changeRetentionMilliseconds'>,
  log: Log,
): () => Promise<void> {
  let running = Promise.resolve()
  const prune = async () => {
    if (!(await changes.isRecorded())) return
    const count = await changes.prune(changeRetentionMilliseconds)
    if (count > 0) log.info(`Deleted ${count} changes that were older than the retention.`)
  }
  const timer = setInterval(() => {
    running = running.then(prune).catch((error: unknown) => {
      log.warn(`Old changes could not be deleted: ${describeError(error).message}`)
    })
  }, pruneMilliseconds)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await running
  }
}
