import pg from 'pg'
import type { Database } from '../open-database.ts'
import { cleanEngineMessage } from '../schema-engine/engine-error.ts'
import { matchesChecksum, readMigrations } from './migration-folder.ts'

export type MigrationStatus = {
  /** In the folder, but not in the database, in the order in which they would be applied. */
  readonly pending: readonly string[]
  /** Begun and not finished: nothing more is applied before somebody has looked at them. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[]
  /** Changed in the folder after they were applied. */
  readonly edited: readonly string[]
  /** Applied, but not in the folder: a newer version of the program was here. */
  readonly unknown: readonly string[]
}

type AppliedMigration = {
  readonly migration_name: string
  readonly checksum: string
  readonly is_finished: boolean
  readonly logs: string | null
}

/** Compares the folder with what Prisma recorded in `_prisma_migrations`: one or two cheap statements. */
export async function readMigrationStatus(
  database: Database,
  { migrationsDir }: { readonly migrationsDir: string },
): Promise<MigrationStatus> {
  const migrations = readMigrations(migrationsDir)
  const rows = await readApplied(database)
  const applied = new Map(rows.filter(row => row.is_finished).map(row => [row.migration_name, row]))
  const names = new Set(migrations.map(({ name }) => name))
  return {
    pending: migrations.map(({ name }) => name).filter(name => !applied.has(name)),
    failed: rows
      .filter(row => !row.is_finished)
      .map(row => ({ name: row.migration_name, reason: cleanEngineMessage(row.logs ?? '') })),
    edited: migrations
      .filter(
        ({ name, sql }) => !matchesChecksum(sql, applied.get(name)?.checksum ?? '') && applied.has(name),
      )
      .map(({ name }) => name),
    unknown: [...applied.keys()].filter(name => !names.has(name)),
  }
}

async function readApplied(database: Database): Promise<readonly AppliedMigration[]> {
  const table = `${pg.escapeIdentifier(database.settings.schema ?? 'public')}._prisma_migrations`
  const [found] = await database.query<{ exists: boolean }>('SELECT to_regclass($1) IS NOT NULL AS exists', [
    table,
  ])
  if (found?.exists !== true) return []
  return database.query<AppliedMigration>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS is_finished, logs
     FROM ${table} WHERE rolled_back_at IS NULL ORDER BY started_at`,
  )
}
