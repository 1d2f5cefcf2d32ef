import { RefractError } from '../../../errors.ts'
import type { Model } from '../../datamodel/model.ts'
import { delegateOf, type ModelDelegate, type Row } from '../client.ts'
import { readDatabaseError } from '../database-errors/read-database-error.ts'
import type { Scope } from '../scope.ts'

type Reads = Pick<ModelDelegate, 'findMany' | 'findFirst' | 'findUnique' | 'aggregate' | 'groupBy'>

/** The statements that read, of Prisma's making and of ours. */
export interface Reader {
  of(model: Model): Reads
  /** A statement of our own. */
  query(sql: string, values: readonly unknown[]): Promise<Row[]>
}

/**
 * Reads through the scope's client.
 *
 * @throws RefractError BAD_USER_INPUT where PostgreSQL cannot make a value of the input into one of the column's type
 */
export function readerOf({ database }: Scope): Reader {
  return {
    of: model => {
      const delegate = delegateOf(database, model)
      return {
        findMany: args => refusing(delegate.findMany(args)),
        findFirst: args => refusing(delegate.findFirst(args)),
        findUnique: args => refusing(delegate.findUnique(args)),
        aggregate: args => refusing(delegate.aggregate(args)),
        groupBy: args => refusing(delegate.groupBy(args)),
      }
    },
    query: (sql, values) => refusing(database.$queryRawUnsafe<Row[]>(sql, ...values)),
  }
}

async function refusing<Result>(reading: Promise<Result>): Promise<Result> {
  try {
    return await reading
  } catch (error) {
    const reason = dataFault(readDatabaseError(error)?.state)
    if (reason === null) throw error
    throw new RefractError('BAD_USER_INPUT', reason)
  }
}

/** What the SQLSTATEs of the class 22, data exception, say about the input of a read; null for any other. */
function dataFault(state: string | undefined): string | null {
  if (!state?.startsWith('22')) return null
  switch (state) {
    case '22003':
      return 'A number of the input is outside of the range of the column that it is compared with.'
    case '22007':
    case '22008':
      return 'A moment of the input is none that the database knows: expected one from 4713 BC to 294276 AD.'
    case '22P02':
      return 'A text of the input cannot be a value of the column that it is compared with: its type has another form.'
    default:
      return 'A value of the input cannot be compared with its column: it is not of the form that the type has.'
  }
}
