import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import {
  type Database,
  migrateDatabase,
  openDatabase,
  planMigration,
  pushSchema,
  type RecordedTable,
  readMigrationStatus,
  readRecordedTables,
  recordChangesSql,
  type SchemaFile,
  type WantedRecording,
} from '../../src/database/index.ts'
import { createTestDatabase, findDatabaseKinds } from '../support/database.ts'
import { createProjectFolder, datasource, writeProjectFiles } from '../support/project-folder.ts'
import { startProcess } from './processes/start-process.ts'

const schema = (models: string): readonly SchemaFile[] => [
  { path: 'schema.prisma', content: `${datasource}${models}` },
]

const userTable = 'CREATE TABLE "User" ("id" INTEGER NOT NULL, CONSTRAINT "User_pkey" PRIMARY KEY ("id"));\n'
const userModel = 'model User {\n  id Int @id\n}\n'

describe.each(await findDatabaseKinds())('migrations on a database of the kind %s', kind => {
  let folder: string
  let migrationsDir: string
  let database: Database

  beforeEach(async () => {
    folder = createProjectFolder({})
    migrationsDir = join(folder, 'prisma', 'migrations')
    const test = await createTestDatabase(kind)
    onTestFinished(() => test.drop())
    database = await openDatabase({ url: test.url, projectDir: folder })
    onTestFinished(() => database.close())
  })

  const write = (name: string, sql: string) =>
    writeProjectFiles(folder, { [`prisma/migrations/${name}/migration.sql`]: sql })
  const migrate = (models = userModel) =>
    migrateDatabase(database, { migrationsDir, schemaFiles: schema(models) })
  const plan = (models: string) => planMigration(database, { migrationsDir, schemaFiles: schema(models) })
  const tables = async () =>
    (
      await database.query<{ name: string }>(
        "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
      )
    )
      .map(({ name }) => name)
      .filter(name => name !== '_prisma_migrations')

  describe('migrateDatabase', () => {
    it('applies what is missing, in order, and then nothing more', async () => {
      write('20240101000000_user', userTable)
      write('20240102000000_name', 'ALTER TABLE "User" ADD COLUMN "name" TEXT;\n')
      expect(await migrate()).toEqual({ applied: ['20240101000000_user', '20240102000000_name'] })
      expect(await migrate()).toEqual({ applied: [] })
      expect(await tables()).toEqual(['User'])
    })

    it('runs functions and triggers, whose bodies hold semicolons', async () => {
      write('20240101000000_user', userTable)
      write(
        '20240102000000_trigger',
        `CREATE FUNCTION negate() RETURNS trigger AS $$ BEGIN NEW.id := -NEW.id; RETURN NEW; END; $$ LANGUAGE plpgsql;
         CREATE TRIGGER negate BEFORE INSERT ON "User" FOR EACH ROW EXECUTE FUNCTION negate();`,
      )
      await migrate()
      expect(await database.query('INSERT INTO "User" VALUES (1) RETURNING id')).toEqual([{ id: -1 }])
    })

    it('tells of a migration that fails, leaves nothing of it, and refuses to go on until it is resolved', async () => {
      write('20240101000000_user', userTable)
      write('20240102000000_bad', 'CREATE TABLE "Good" (id int);\nALTER TABLE "Missing" ADD x int;\n')
      const failure =
        /The migration 20240102000000_bad failed .*migration\.sql.*relation "Missing" does not exist.*refract migrate resolve --rolled-back 20240102000000_bad/s
      await expect(migrate()).rejects.toThrow(failure)
      expect(await tables()).toEqual(['User'])
      await expect(migrate()).rejects.toThrow(
        /20240102000000_bad .* failed when it was applied before: .*Missing/s,
      )
    })

    it('names the line of a syntax error', async () => {
      write('20240101000000_bad', '-- größer\n\nCREATE TABEL x (id int);\n')
      await expect(migrate()).rejects.toThrow(
        /migration\.sql, line 3\): ERROR: syntax error at or near "TABEL"/,
      )
    })

    it('refuses a migration that was changed after it had been applied; line ends do not count', async () => {
      write('20240101000000_user', userTable)
      await migrate()
      write('20240101000000_user', userTable.replaceAll('\n', '\r\n'))
      expect(await migrate()).toEqual({ applied: [] })
      write('20240101000000_user', `${userTable}-- changed\n`)
      await expect(migrate()).rejects.toThrow(/20240101000000_user was changed after it had been applied/)
    })

    it('refuses a database that has tables and no record of migrations', async () => {
      await database.query(userTable)
      write('20240101000000_user', userTable)
      await expect(migrate()).rejects.toThrow(/already has tables.*migrate resolve --applied/s)
    })

    it('leaves a database alone that a newer version has migrated', async () => {
      write('20240101000000_user', userTable)
      await migrate()
      rmSync(join(migrationsDir, '20240101000000_user'), { recursive: true })
      expect(await migrate()).toEqual({ applied: [] })
      expect(await readMigrationStatus(database, { migrationsDir })).toMatchObject({
        unknown: ['20240101000000_user'],
      })
    })

    it('is done by one of six processes that start at the same moment', async () => {
      write('20240101000000_user', userTable)
      write('20240102000000_slow', 'SELECT pg_sleep(0.3); ALTER TABLE "User" ADD COLUMN "name" TEXT;\n')
      const processes = await Promise.all(
        Array.from({ length: 6 }, () => startProcess(folder, database.url, migrationsDir)),
      )
      expect(processes.map(({ applied }) => applied.length).toSorted()).toEqual([0, 0, 0, 0, 0, 2])
      expect(await Promise.all(processes.map(one => one.stop()))).toEqual([0, 0, 0, 0, 0, 0])
      expect(await database.query('SELECT count(*)::int AS count FROM _prisma_migrations')).toEqual([
        { count: 2 },
      ])
    })
  })

  describe('planMigration', () => {
    it('writes a migration named for what it changes, and applies it', async () => {
      const first = await plan(userModel)
      expect(first).toMatchObject({ suggestedName: 'create_user', warnings: [] })
      expect(await first?.apply('init')).toMatch(/^\d{14}_init$/)
      expect(await plan(userModel)).toBeUndefined()

      const second = await plan('model User {\n  id Int @id\n  dueDate DateTime?\n}\n')
      expect(second).toMatchObject({ suggestedName: 'add_user_due_date', warnings: [] })
      expect(second?.sql).toContain('ALTER TABLE "User" ADD COLUMN     "dueDate" TIMESTAMP(3);')
      const name = await second?.apply()
      expect(readdirSync(migrationsDir).at(-2)).toBe(name)
      expect(existsSync(join(migrationsDir, 'migration_lock.toml'))).toBe(true)
      expect(await readMigrationStatus(database, { migrationsDir })).toEqual({
        pending: [],
        failed: [],
        edited: [],
        unknown: [],
      })
    })

    it('warns of data that would be lost, and takes back what cannot be applied', async () => {
      await (await plan('model User {\n  id Int @id\n  name String\n}\n'))?.apply()
      await database.query(`INSERT INTO "User" VALUES (1, 'Ann'), (2, 'Ann')`)
      const loss = await plan(userModel)
      expect(loss?.warnings).toEqual([expect.stringMatching(/drop the column `name`.*2 non-null values/)])

      const unique = await plan('model User {\n  id Int @id\n  name String @unique\n}\n')
      expect(unique?.warnings).toEqual([])
      const before = readdirSync(migrationsDir)
      await expect(unique?.apply()).rejects.toThrow(/is duplicated.*The migration was taken back/s)
      expect(readdirSync(migrationsDir)).toEqual(before)
      expect(await migrate()).toEqual({ applied: [] })

      const required = await plan('model User {\n  id Int @id\n  name String\n  age Int\n}\n')
      expect(required?.unexecutable).toEqual([expect.stringContaining('without a default value')])
    })

    it('refuses a database that is not what its migrations make', async () => {
      await (await plan(userModel))?.apply()
      await database.query('CREATE TABLE stray (id int)')
      await expect(plan(userModel)).rejects.toThrow(
        /not what its migrations make.*stray.*refract migrate reset/s,
      )
    })

    it('replays check constraints and types of PostgreSQL in the shadow database', async () => {
      write(
        '20240101000000_user',
        `CREATE TABLE "User" ("id" INTEGER NOT NULL CHECK ("id" > 0), CONSTRAINT "User_pkey" PRIMARY KEY ("id"));
         CREATE TABLE place (id int PRIMARY KEY, at point NOT NULL, words tsvector);`,
      )
      await migrate()
      const place =
        'model place {\n  id Int @id\n  at Unsupported("point")\n  words Unsupported("tsvector")?\n}\n'
      expect(await plan(`${userModel}${place}`)).toBeUndefined()
    })
  })

  describe('with changes to be recorded', () => {
    const user: RecordedTable = { schema: null, table: 'User', key: ['id'] }
    const planRecorded = (wanted: Partial<WantedRecording>, models = userModel) =>
      planMigration(database, {
        migrationsDir,
        schemaFiles: schema(models),
        readWantedRecording: async () => ({ recorded: [], unrecorded: [], ...wanted }),
      })
    const recorded = () => readRecordedTables(sql => database.query(sql))

    it('writes triggers for new tables into the migration that makes them, and misses nothing then', async () => {
      const first = await planRecorded({ recorded: [user] })
      expect(first).toMatchObject({ suggestedName: 'create_user', warnings: [] })
      await first?.apply()
      expect(await recorded()).toEqual(new Set(['public.User']))
      expect(await planRecorded({ recorded: [user] })).toBeUndefined()
    })

    it('goes by what the migrations make, not by what was done to this database by hand', async () => {
      await (await plan(userModel))?.apply()
      await database.query(recordChangesSql([user]))
      const missing = await planRecorded({ recorded: [user] })
      expect(missing?.suggestedName).toBe('record_changes')
      await missing?.apply()
      expect(await planRecorded({ recorded: [user] })).toBeUndefined()
    })

    it('follows a key that changes and a table that goes, and drops what is not wanted any more', async () => {
      const note = 'model Note {\n  id Int @id\n  place Int\n}\n'
      const noteTable: RecordedTable = { schema: null, table: 'Note', key: ['id'] }
      await (await planRecorded({ recorded: [user, noteTable] }, `${userModel}${note}`))?.apply()
      const other = note.replace(' @id', '').replace('place Int', 'place Int @id')
      const moved = await planRecorded(
        { recorded: [{ ...noteTable, key: ['place'] }], unrecorded: [user] },
        `${userModel}${other}`,
      )
      expect(moved?.sql).toMatch(
        /DROP TRIGGER IF EXISTS "00_refract_insert" ON "User"[\s\S]*record_changes\('place'\)/,
      )
      await moved?.apply()
      expect(await recorded()).toEqual(new Set(['public.Note']))
      const gone = await planRecorded({ unrecorded: [user] })
      expect(gone?.sql).not.toContain('refract')
      await gone?.apply()
      expect(await recorded()).toEqual(new Set())
    })

    it('brings a function of another version up to date', async () => {
      await (await planRecorded({ recorded: [user] }))?.apply()
      const body = 'BEGIN RETURN NULL; END'
      const older = `CREATE OR REPLACE FUNCTION refract.record_changes() RETURNS trigger LANGUAGE plpgsql AS '${body}'`
      write('30000101000000_older', older)
      await migrate()
      const plan = await planRecorded({ recorded: [user] })
      expect(plan?.suggestedName).toBe('record_changes')
      expect(plan?.sql).not.toContain('TRIGGER "')
    })
  })

  it('pushSchema brings the database in step, but not at the cost of data', async () => {
    expect(await pushSchema(database, schema('model User {\n  id Int @id\n  name String\n}\n'))).toEqual({
      executedSteps: 1,
    })
    await database.query(`INSERT INTO "User" VALUES (1, 'Ann')`)
    await expect(pushSchema(database, schema(userModel))).rejects.toThrow(
      /drop the column `name`.*--accept-data-loss/s,
    )
    await pushSchema(database, schema(userModel), { acceptDataLoss: true })
    await expect(database.query('SELECT name FROM "User"')).rejects.toThrow(/does not exist/)
  })

  it('explains a schema that does not parse', async () => {
    await expect(plan('model {\n')).rejects.toThrow(/could not be planned: .*schema\.prisma:4/s)
  })
})
