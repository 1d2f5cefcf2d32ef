import type { EqualWorld } from '../model/check-world.ts'
import { createExampleWorld } from './example.ts'
import { createLibraryWorld } from './library.ts'
import { createNamesWorld } from './names.ts'
import { createVillageWorld } from './village.ts'
import { createWideWorld } from './wide.ts'

/** A world and what it can promise. */
export interface WorldKind {
  create(): Promise<EqualWorld>
  /** The least share of the queries without errors that is compiled: what it is, less some for chance. */
  readonly compiledShare: number
}

/** The databases and policies under which both ways are compared. */
export const worlds = {
  example: { create: createExampleWorld, compiledShare: 0.9 },
  village: { create: createVillageWorld, compiledShare: 0.9 },
  library: { create: createLibraryWorld, compiledShare: 0.9 },
  names: { create: createNamesWorld, compiledShare: 0.9 },
  // some of its queries meet a type that only JavaScript prints: money, timetz
  wide: { create: createWideWorld, compiledShare: 0.85 },
} as const satisfies Readonly<Record<string, WorldKind>>
