import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { startWork } from '../database/index.ts'
import { StartError } from '../errors.ts'
import {
  type CreateAttemptLimiter,
  createAddressReader,
  createAttemptLimiters,
  createCounterStore,
  createRateLimiter,
  type DocumentSourceOptions,
  type PageSettings,
  type RequestLimits,
  readPersistedDocuments,
} from '../limits/index.ts'
import type { Log } from '../observe/log.ts'
import type { ServerOptions } from '../server/index.ts'
import type { Closers } from './closers.ts'
import type { Session } from './session.ts'

export interface OpenLimitsOptions {
  readonly session: Session
  readonly limits: RequestLimits
  readonly pages: PageSettings
  readonly log: Log
  readonly closers: Closers
}

/** What limits the callers of a server, ready to be used. */
export interface OpenLimits {
  /** The part of the server's options that limits callers. */
  readonly server: Partial<ServerOptions>
  /** Makes limiters for what somebody could guess at. They count where requests are counted. */
  readonly createAttemptLimiter: CreateAttemptLimiter
}

/**
 * Opens the counters and reads the documents that the settings name.
 *
 * @throws StartError where the documents cannot be read, or no window has the points for the largest operation
 */
export async function openLimits(options: OpenLimitsOptions): Promise<OpenLimits> {
  const { session, limits, pages, log, closers } = options
  const { config, project } = session
  assertAffordable(config, limits)
  const documents = readDocuments(config, project.directory)
  const store = await createCounterStore({ redisUrl: config.redisUrl, log })
  closers.add(() => store.close())
  const { rateLimitPoints: points, rateLimitSeconds: seconds } = config
  return {
    server: {
      limits,
      pages,
      documents,
      isCostAnnounced: config.isCostAnnounced,
      isIntrospectionOpen: config.isIntrospectionOpen,
      allowedHosts: config.allowedHosts,
      operationMilliseconds: config.operationMilliseconds,
      // Following an operation to its statements has a price, see docs/limits.md.
      ...(config.operationMilliseconds === 0 ? {} : { startWork }),
      readAddress: createAddressReader(config),
      rateLimiter: points === 0 ? undefined : createRateLimiter({ store, points, seconds }),
    },
    createAttemptLimiter: createAttemptLimiters(store),
  }
}

function assertAffordable({ rateLimitPoints: points }: Config, { cost }: RequestLimits): void {
  if (points === 0 || points >= cost) return
  throw new StartError(
    `REFRACT_RATE_LIMIT_POINTS is ${points}, less than one operation may cost (limits.cost, ${cost}): such an operation could never run. Raise the one or lower the other.`,
  )
}

function readDocuments(config: Config, directory: string): DocumentSourceOptions {
  const { persistedDocuments: file, isOnlyPersisted, isAutomaticPersisted } = config
  return {
    ...(file === undefined ? {} : { persisted: readPersistedDocuments(resolve(directory, file)) }),
    isOnlyPersisted,
    isAutomatic: isAutomaticPersisted,
  }
}
