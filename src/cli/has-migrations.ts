import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Project } from '../project/index.ts'

/** Whether the project keeps migrations, as plain SQL in folders. */
export function hasMigrations({ migrationsDirectory }: Pick<Project, 'migrationsDirectory'>): boolean {
  return (
    existsSync(migrationsDirectory) &&
    readdirSync(migrationsDirectory).some(name =>
      existsSync(join(migrationsDirectory, name, 'migration.sql')),
    )
  )
}
