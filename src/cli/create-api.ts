import { PrismaPg } from '@prisma/adapter-pg'
import type { Engine, EngineOptions } from '../engine/index.ts'
import type { GeneratedClient, LoadedProject } from '../project/index.ts'
import { readLimits } from './read-limits.ts'

/**
 * Builds the API of a loaded project on a client of it. The casts name what was generated: the project knows nothing
 * of the engine, and its files were written by the engine's own generator.
 */
export async function createApi(
  loaded: LoadedProject,
  client: GeneratedClient,
  sources: Pick<EngineOptions, 'changes' | 'events' | 'reads'> = {},
): Promise<Engine> {
  const { createEngine } = await import('../engine/index.ts')
  return createEngine({
    datamodel: loaded.datamodel as EngineOptions['datamodel'],
    pothosDatamodel: loaded.pothosDatamodel,
    client,
    config: { ...loaded.config, limits: readLimits(loaded).engine },
    ...sources,
  })
}

/** A client for what never asks the database: a pool connects when the first query comes. */
export function createIdleClient({ PrismaClient }: LoadedProject): GeneratedClient {
  return new PrismaClient({ adapter: new PrismaPg({ host: '127.0.0.1' }) })
}
