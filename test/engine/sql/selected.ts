import type { Datamodel, Model } from '../../../src/engine/datamodel/model.ts'
import { type DatabaseClient, delegateOf } from '../../../src/engine/operations/client.ts'
import { keyFields, selectFields } from '../../../src/engine/operations/key.ts'
import { createSqlContext } from '../../../src/engine/operations/sql/sql-context.ts'
import { whereSql } from '../../../src/engine/operations/sql/where-sql.ts'
import { quoteTable } from '../../../src/engine/operations/sql-name.ts'
import type { Where } from '../../../src/engine/policy/logic.ts'
import type { TestEngine } from '../../support/engine.ts'

type Database = Pick<TestEngine, 'sql' | 'client'>

/** The keys of the rows that a condition selects, as sorted JSON texts. */
export type Keys = readonly string[]

/** What Prisma finds. */
export async function selectByPrisma({ client }: Database, model: Model, where: Where): Promise<Keys> {
  const names = keyFields(model).map(field => field.name)
  const rows = await delegateOf(client as DatabaseClient, model).findMany({
    where,
    select: selectFields(names),
  })
  return rows.map(row => JSON.stringify(names.map(name => String(row[name])))).toSorted()
}

/**
 * A server compiles statements of this size, which takes seconds for a few rows: it expects many in tables that it has
 * not analysed yet.
 */
export async function turnOffCompiling({ sql }: Database): Promise<void> {
  await sql('SET jit = off')
  await sql("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET jit = off', current_database()); END $$")
}

export interface Selected {
  /** Rows of the table. */
  readonly rows: Keys
  /** The same rows as JSON and back; those that differ then, since they have the JSON value null, are as `rows` says. */
  readonly images: Keys
}

/** What our conditions select: one statement for all of them. */
export async function selectBySql(
  { sql }: Database,
  datamodel: Datamodel,
  model: Model,
  wheres: readonly Where[],
): Promise<readonly Selected[]> {
  const context = createSqlContext(datamodel)
  const table = quoteTable(model)
  const key = `jsonb_build_array(${keyFields(model).map(field => `t."${field.column}"::text`)}) AS key`
  const json = model.scalars.filter(field => field.scalar === 'Json' && !field.isList)
  const isExact = (row: string) =>
    ['TRUE', ...json.map(field => `${row}."${field.column}"::jsonb IS DISTINCT FROM 'null'`)].join(' AND ')
  // with its schema, since types of PostgreSQL's own can have the name of a table: box
  const type = model.databaseSchema === null ? `public.${table}` : table
  const image = `jsonb_populate_record(NULL::${type}, to_jsonb(s))`
  const selects = wheres.flatMap((where, index) => {
    const condition = () => whereSql(context, model, where, 't')
    return [
      `SELECT ${index} AS at, 'rows' AS source, ${isExact('t')} AS is_exact, ${key} FROM ${table} t WHERE ${condition()}`,
      `SELECT ${index}, 'images', ${isExact('s')}, ${key} FROM ${table} s, ${image} t WHERE ${condition()}`,
    ]
  })
  const found = await sql<Found>(selects.join(' UNION ALL '), [...context.values])
  return wheres.map((_, index) => {
    const own = found.filter(row => row.at === index)
    const rows = own.filter(row => row.source === 'rows')
    const images = own.filter(row => row.source === 'images' && row.is_exact)
    return { rows: keysOf(rows), images: keysOf([...images, ...rows.filter(row => !row.is_exact)]) }
  })
}

interface Found {
  readonly at: number
  readonly source: 'rows' | 'images'
  readonly is_exact: boolean
  readonly key: unknown
}

function keysOf(found: readonly Found[]): Keys {
  return found.map(row => JSON.stringify(row.key)).toSorted()
}

/** For each condition what was found both ways, to be compared: `ours` has to be as `prismas`. */
export async function selectBothWays(
  database: Database,
  datamodel: Datamodel,
  model: Model,
  wheres: readonly Where[],
) {
  const found = await selectBySql(database, datamodel, model, wheres)
  const ours = []
  const prismas = []
  for (const [index, where] of wheres.entries()) {
    const keys = await selectByPrisma(database, model, where)
    ours.push({ where, ...found[index] })
    prismas.push({ where, rows: keys, images: keys })
  }
  return { ours, prismas }
}
