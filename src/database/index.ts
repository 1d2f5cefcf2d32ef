export { type CreateClientOptions, createClient } from './create-client.ts'
export { type DatabaseUrl, parseDatabaseUrl, redactDatabaseUrl } from './database-url.ts'
export { type EmbeddedAddress, readEmbeddedAddress, readEmbeddedOwner } from './embedded/open-embedded.ts'
export { type FileLock, type LockHolder, tryLock, waitForLock } from './file-lock.ts'
export { type MigrateOptions, migrateDatabase } from './migrations/migrate-database.ts'
export { type MigrationStatus, readMigrationStatus } from './migrations/migration-status.ts'
export { type MigrationPlan, type PlanOptions, planMigration } from './migrations/plan-migration.ts'
export { pushSchema } from './migrations/push-schema.ts'
export { type Database, type OpenDatabaseOptions, openDatabase } from './open-database.ts'
export { SchemaEngineError } from './schema-engine/engine-error.ts'
export {
  type CreateSchemaEngineOptions,
  createSchemaEngine,
  type SchemaEngine,
  type SchemaFile,
} from './schema-engine/schema-engine.ts'
export { countStatements, observeStatements, type Statement, type StatementListener } from './statements.ts'
export { startWork, type Work } from './work.ts'
