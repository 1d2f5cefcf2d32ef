import { StartError } from '../../errors.ts'
import { defaultSettings, type EngineSettings } from './scope.ts'

const largest: Readonly<Record<keyof EngineSettings, number>> = {
  defaultPageSize: 10_000,
  maximumPageSize: 10_000,
  maximumBatchSize: 10_000,
  maximumSearchMatches: 30_000,
  maximumNodeIds: 10_000,
  transactionTimeout: 3_600_000, // an hour
}

/**
 * The engine's limits with what a configuration sets of them. Frozen.
 *
 * @throws StartError that lists every limit that is not known or not a whole number in its range
 */
export function createSettings(limits: Partial<EngineSettings> = {}): EngineSettings {
  const faults = Object.entries(limits).flatMap(([name, value]) => describeFault(name, value))
  const settings = Object.freeze({ ...defaultSettings, ...limits })
  if (faults.length === 0 && settings.defaultPageSize > settings.maximumPageSize) {
    faults.push(
      `defaultPageSize is ${settings.defaultPageSize}, more than maximumPageSize (${settings.maximumPageSize})`,
    )
  }
  if (faults.length === 0) return settings
  throw new StartError(
    `The limits in refract.config.ts are wrong: ${faults.join('; ')}. Correct them and try again.`,
  )
}

function describeFault(name: string, value: unknown): string[] {
  if (!(name in largest)) return [`${name} is not known; expected one of ${Object.keys(largest).join(', ')}`]
  const most = largest[name as keyof EngineSettings]
  if (value === undefined || (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= most))
    return []
  return [`${name} is ${JSON.stringify(value)}, but expected a whole number from 1 to ${most}`]
}
