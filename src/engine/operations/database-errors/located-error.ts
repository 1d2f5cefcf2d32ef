import type { Model } from '../../datamodel/model.ts'
import { type InputPath, WriteFailure } from '../write/write-error.ts'

/** The statement that was running: what it wrote, and where its values stand in the input. */
export interface WriteLocation {
  readonly model: Model
  readonly action: 'create' | 'update' | 'delete'
  readonly path: InputPath
  /** By Prisma field name; empty for a delete. */
  readonly origins: ReadonlyMap<string, InputPath>
  /** It wrote several rows of the input, so the path may be of another row than the one at fault. */
  readonly isBatch: boolean
  /** It created a row because a look-up had found none: if its key is taken now, somebody else was faster. */
  readonly isRace?: boolean
}

/** An error of a statement, with the place in the input that the statement was about. */
export class LocatedError extends Error {
  readonly location: WriteLocation

  constructor(location: WriteLocation, cause: unknown) {
    super('A statement of a mutation failed.', { cause })
    this.name = 'LocatedError'
    this.location = location
  }
}

/** Runs what creates a row because a look-up has found none. */
export async function afterLookUp<Result>(create: () => Promise<Result>): Promise<Result> {
  try {
    return await create()
  } catch (error) {
    if (!(error instanceof LocatedError)) throw error
    throw new LocatedError({ ...error.location, isRace: true }, error.cause)
  }
}

/** Runs one statement; its error becomes a LocatedError, unless it says already what the caller can mend. */
export async function atLocation<Result>(
  location: WriteLocation,
  statement: () => Promise<Result>,
): Promise<Result> {
  try {
    return await statement()
  } catch (error) {
    if (error instanceof WriteFailure) throw error
    throw new LocatedError(location, error)
  }
}
