import DataLoader from 'dataloader'
import type { Scope } from '../operations/scope.ts'

/** More parents than this are read with a further statement, so that no statement grows without bound. */
const maximumBatch = 1_000

/** What `create` made for the place first; kept for the request, so that all rows of a list share it. */
export function sharedAt<Value>(scope: Scope, place: string, create: () => Promise<Value>): Promise<Value> {
  const existing = scope.loaders.get(place) as Promise<Value> | undefined
  if (existing) return existing
  const made = create()
  scope.loaders.set(place, made)
  return made
}

/** A DataLoader with our batch limit. `keyText` makes equal keys of different objects; without it identity counts. */
export function createLoader<Key, Value>(
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
  keyText?: (key: Key) => string,
): DataLoader<Key, Value> {
  return new DataLoader<Key, Value, Key | string>(load, {
    maxBatchSize: maximumBatch,
    ...(keyText ? { cacheKeyFn: keyText } : {}),
  }) as DataLoader<Key, Value>
}
