import type { Model } from '../datamodel/model.ts'
import type { Where } from '../policy/logic.ts'

/** A row as the Prisma client returns it: Prisma's field names. */
export type Row = Readonly<Record<string, unknown>>

export type { Where }

/** A Prisma `select` object. */
export type Select = Readonly<Record<string, unknown>>

type Arguments = Readonly<Record<string, unknown>>

/** What the engine uses of a Prisma model delegate; the argument objects are Prisma's. */
export interface ModelDelegate {
  findMany(args: Arguments): Promise<Row[]>
  findFirst(args: Arguments): Promise<Row | null>
  findUnique(args: Arguments): Promise<Row | null>
  create(args: Arguments): Promise<Row>
  createMany(args: Arguments): Promise<{ count: number }>
  createManyAndReturn(args: Arguments): Promise<Row[]>
  update(args: Arguments): Promise<Row>
  updateMany(args: Arguments): Promise<{ count: number }>
  delete(args: Arguments): Promise<Row>
  deleteMany(args: Arguments): Promise<{ count: number }>
  count(args: Arguments): Promise<number>
  aggregate(args: Arguments): Promise<Row>
  groupBy(args: Arguments): Promise<Row[]>
}

/** A generated Prisma client, or its transaction client: the part that does not depend on the schema. */
export interface DatabaseClient {
  $transaction<Result>(
    work: (transaction: DatabaseClient) => Promise<Result>,
    options?: { readonly maxWait?: number; readonly timeout?: number; readonly isolationLevel?: string },
  ): Promise<Result>
  $queryRawUnsafe<Result>(sql: string, ...values: readonly unknown[]): Promise<Result>
  $executeRawUnsafe(sql: string, ...values: readonly unknown[]): Promise<number>
  /** Locks the row of a unique `where` until the transaction ends. Prisma cannot: without it a raw statement does. */
  lockRow?(model: Model, where: Where): Promise<void>
}

/** The null markers of the generated client's `Prisma` namespace. */
export interface PrismaNulls {
  /** SQL NULL in a JSON column. */
  readonly DbNull: unknown
  /** The JSON value `null`. */
  readonly JsonNull: unknown
  /** Either, in filters. */
  readonly AnyNull: unknown
}

/** The delegate of a model. The client's type is only known to the project, hence the cast. */
export function delegateOf(client: DatabaseClient, model: Model): ModelDelegate {
  const delegate = (client as unknown as Record<string, ModelDelegate | undefined>)[model.delegate]
  if (!delegate) {
    throw new Error(`The Prisma client has no model ${model.name}: it was generated from another schema.`)
  }
  return delegate
}
