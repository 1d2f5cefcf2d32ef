import type { EngineConfig } from '../engine/index.ts'
import { StartError } from '../errors.ts'
import {
  createRequestLimits,
  defaultRequestLimits,
  isRequestLimit,
  type RequestLimits,
} from '../limits/index.ts'
import { isRecord, type LoadedProject } from '../project/index.ts'

type EngineLimits = NonNullable<EngineConfig['limits']>

/** All that the engine knows: the compiler says when one is missing here. */
const engineLimits: Readonly<Record<keyof EngineLimits, true>> = {
  defaultPageSize: true,
  maximumPageSize: true,
  maximumBatchSize: true,
  maximumSearchMatches: true,
  maximumNodeIds: true,
  transactionTimeout: true,
}

export interface ProjectLimits {
  /** For the engine to check. */
  readonly engine: EngineLimits
  readonly request: RequestLimits
}

/**
 * Parts the limits of refract.config.ts into the engine's and the requests'.
 *
 * @throws StartError for a limit that is not known, and for one of a request that is out of its range
 */
export function readLimits({ config }: Pick<LoadedProject, 'config'>): ProjectLimits {
  const { limits = {} } = config
  if (!isRecord(limits)) {
    throw new StartError(
      'limits in refract.config.ts is no object, but expected limits: { maximumPageSize: 100, … }.',
    )
  }
  const unknown = Object.keys(limits).filter(
    name => !isRequestLimit(name) && !Object.hasOwn(engineLimits, name),
  )
  if (unknown.length > 0) {
    const known = [...Object.keys(engineLimits), ...Object.keys(defaultRequestLimits)]
    throw new StartError(
      `The limits in refract.config.ts are wrong: ${unknown.map(name => `${name} is not known`).join('; ')}; expected some of ${known.join(', ')}. Correct them and try again.`,
    )
  }
  const entries = Object.entries(limits)
  return {
    engine: Object.fromEntries(entries.filter(([name]) => !isRequestLimit(name))),
    request: createRequestLimits(Object.fromEntries(entries.filter(([name]) => isRequestLimit(name)))),
  }
}
