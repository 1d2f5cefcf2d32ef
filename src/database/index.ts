export { createDatabaseChanges, type DatabaseChanges } from './changes/change-source.ts'
export { changesChannel } from './changes/outbox-sql.ts'
export { findUnrecorded, planRecording, type WantedRecording } from './changes/plan-recording.ts'
export { type ChangeLogState, type OldestWriter, readChangeLogState } from './changes/read-log-state.ts'
export {
  type Query,
  type RecordedState,
  type RecordingState,
  readRecordedTables,
  readRecordingState,
} from './changes/read-recording.ts'
export { recordChangesSql } from './changes/record-changes.ts'
export { nameRecordedTable, type RecordedTable } from './changes/recorded-table.ts'
export { type Connected, type CreateClientOptions, connectClient, createClient } from './create-client.ts'
export { type DatabaseUrl, parseDatabaseUrl, redactDatabaseUrl } from './database-url.ts'
export { type EmbeddedAddress, readEmbeddedAddress, readEmbeddedOwner } from './embedded/open-embedded.ts'
export { explainLostConnection } from './explain-connection-error.ts'
export { type FileLock, type LockHolder, tryLock, waitForLock } from './file-lock.ts'
export { type MigrateOptions, migrateDatabase } from './migrations/migrate-database.ts'
export { type MigrationStatus, readMigrationStatus } from './migrations/migration-status.ts'
export { type MigrationPlan, type PlanOptions, planMigration } from './migrations/plan-migration.ts'
export { pushSchema } from './migrations/push-schema.ts'
export { createNotificationCarrier, type NotificationCarrier } from './notification-carrier.ts'
export { type Database, type OpenDatabaseOptions, openDatabase } from './open-database.ts'
export { SchemaEngineError } from './schema-engine/engine-error.ts'
export {
  type CreateSchemaEngineOptions,
  createSchemaEngine,
  type SchemaEngine,
  type SchemaFile,
} from './schema-engine/schema-engine.ts'
export type { ReadWantedRecording } from './schema-engine/with-recording.ts'
export { countStatements, observeStatements, type Statement, type StatementListener } from './statements.ts'
export { startWork, type Work } from './work.ts'
