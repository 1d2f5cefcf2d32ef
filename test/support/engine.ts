import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type DocumentNode, type ExecutionResult, GraphQLError, parse, validate } from 'graphql'
import {
  type CreateClientOptions,
  connectClient,
  countStatements,
  createDatabaseChanges,
  type DatabaseChanges,
  openDatabase,
  recordChangesSql,
} from '../../src/database/index.ts'
import {
  administrator,
  createDatamodel,
  createEngine,
  type DatamodelDescription,
  type Engine,
  type EngineConfig,
  type EngineOptions,
  readRecording as readRecordedModels,
  type Viewer,
} from '../../src/engine/index.ts'
import { generateProject, loadProject, openProject, readPreparedFiles } from '../../src/project/index.ts'
import { createTestDatabase, openTestPool, type TestDatabase } from './database.ts'
import { readSchemaSql } from './schema-sql.ts'

/** An answer with the SQL statements that it took, BEGIN and COMMIT left out. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what its own query asked for
  readonly data: any
  readonly errors: ExecutionResult['errors']
  readonly statements: readonly string[]
}

export interface TestEngine {
  readonly engine: Engine
  readonly database: TestDatabase
  /** The generated client, untyped. */
  readonly client: Parameters<typeof createEngine>[0]['client']
  /** Runs an operation against the schema of the viewer; without one, as the administrator. */
  query(source: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<Answer>
  /** Begins a subscription; without a viewer, as the administrator. Its results come as JSON. */
  subscribe(source: string, variables?: Record<string, unknown>, viewer?: Viewer): Promise<TestSubscription>
  /** The statements so far that followed changes: those of the log and of what matches. */
  readonly changeStatements: readonly string[]
  /** Plain SQL, past everything of ours. */
  sql<Row = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>
  close(): Promise<void>
}

export interface TestSubscription {
  /** The next result; undefined after the last one. */
  next(): Promise<Pick<Answer, 'data' | 'errors'> | undefined>
  end(): Promise<void>
}

export interface TestEngineOptions {
  /** The project's folder; without one this repository's own application. */
  readonly project?: string
  readonly kind?: TestDatabase['kind']
  /** A database that is already there and filled; it is not dropped. */
  readonly url?: string
  /** Instead of the project's own configuration. */
  readonly config?: EngineConfig
  readonly clientOptions?: CreateClientOptions
  /** Records changes, and follows them. */
  readonly follows?: boolean
  /** How queries are answered. Default: what REFRACT_TEST_READS says, else compiled. */
  readonly reads?: EngineConfig['reads']
  /** Hears why an operation was not answered by compiled reads. */
  readonly onOrdinary?: NonNullable<EngineOptions['reads']>['onOrdinary']
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The folder of a schema in test/fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))
}

/** The API of a project over a fresh database with its tables. */
export async function createTestEngine({
  project: folder = root,
  kind,
  url,
  config,
  clientOptions,
  follows = false,
  reads,
  onOrdinary = () => undefined,
}: TestEngineOptions = {}): Promise<TestEngine> {
  const project = openProject(folder)
  await generateProject(project)
  const loaded = await loadProject(project)
  const test: TestDatabase = url
    ? { url, kind: 'server', drop: async () => undefined }
    : await createTestDatabase(kind)
  const { pool, close: closePool } = openTestPool(test, 2)
  const database = await openDatabase({ url: test.url, projectDir: folder })
  if (!url) {
    if (folder === root) for (const migration of await readMigrations()) await pool.query(migration)
    else await pool.query(await readSchemaSql(readPreparedFiles(project), test.url))
  }
  const { client, readText, transact } = connectClient(database, loaded.PrismaClient, clientOptions)
  if (follows && folder !== root) await pool.query(recordChangesSql(readRecording(loaded.datamodel)))
  const failures: unknown[] = []
  const changeStatements: string[] = []
  const changes = follows
    ? observed(
        createDatabaseChanges(database, error => failures.push(error)),
        changeStatements,
      )
    : undefined
  const engine = createEngine({
    ...loaded,
    config: { ...(config ?? loaded.config), reads: reads ?? defaultReads() },
    client,
    changes,
    reads: { readText, transact, onOrdinary },
  })
  return {
    engine,
    database: test,
    client,
    query: (source, variables = {}, viewer = administrator) => runQuery(engine, source, variables, viewer),
    changeStatements,
    subscribe: (source, variables = {}, viewer = administrator) =>
      subscribe(engine, source, variables, viewer),
    sql: async <Row>(text: string, values?: unknown[]) => (await pool.query(text, values)).rows as Row[],
    close: async () => {
      await engine.changes.close()
      await client.$disconnect()
      await closePool()
      await database.close()
      await test.drop()
    },
  }
}

async function runQuery(
  engine: Engine,
  source: string,
  variableValues: Record<string, unknown>,
  viewer: Viewer,
): Promise<Answer> {
  const schema = engine.schemaFor(viewer)
  const { result, queries } = await countStatements(async () => {
    const document = parseOrError(source)
    if (document instanceof GraphQLError) return { errors: [document] }
    const errors = validate(schema, document)
    if (errors.length > 0) return { errors }
    return engine.execute({
      schema,
      document,
      variableValues,
      contextValue: engine.createContext({ viewer }),
    })
  })
  // as JSON, since that is what a client gets
  const data = result.data ? JSON.parse(JSON.stringify(result.data)) : result.data
  return { data, errors: result.errors, statements: queries.map(statement => statement.sql) }
}

/** How the queries of tests are answered that do not say it. */
export function defaultReads(): 'compiled' | 'prisma' {
  return process.env.REFRACT_TEST_READS === 'prisma' ? 'prisma' : 'compiled'
}

/** The number for how queries are answered: for a test that counts statements. */
export function byReads<Value>(values: Readonly<Record<'compiled' | 'prisma', Value>>): Value {
  return values[defaultReads()]
}

function parseOrError(source: string): DocumentNode | GraphQLError {
  try {
    return parseOnce(source)
  } catch (error) {
    if (error instanceof GraphQLError) return error
    throw error
  }
}

async function subscribe(
  engine: Engine,
  source: string,
  variableValues: Record<string, unknown>,
  viewer: Viewer,
): Promise<TestSubscription> {
  const schema = engine.schemaFor(viewer)
  const document = parseOnce(source)
  const [error] = validate(schema, document)
  if (error) throw error
  const results = await engine.subscribe({
    schema,
    document,
    variableValues,
    contextValue: engine.createContext({ viewer }),
  })
  if (!('next' in results)) throw results.errors?.[0]
  return {
    next: async () => {
      const { done, value } = await results.next()
      return done ? undefined : { data: JSON.parse(JSON.stringify(value.data ?? null)), errors: value.errors }
    },
    end: async () => void (await results.return?.()),
  }
}

function observed(changes: DatabaseChanges, statements: string[]): DatabaseChanges {
  return {
    ...changes,
    query: (sql, values) => {
      statements.push(sql)
      return changes.query(sql, values)
    },
  }
}

const documents = new Map<string, DocumentNode>()

/** As a server does: the same text is the same document. */
function parseOnce(source: string): DocumentNode {
  const document = documents.get(source) ?? parse(source)
  documents.set(source, document)
  return document
}

/** The tables of a schema to be recorded. */
function readRecording(datamodel: unknown) {
  return readRecordedModels(createDatamodel(datamodel as DatamodelDescription)).recorded
}

async function readMigrations(): Promise<string[]> {
  const folder = new URL('../../prisma/migrations/', import.meta.url)
  const names = (await readdir(folder, { withFileTypes: true })).filter(entry => entry.isDirectory())
  return Promise.all(
    names
      .map(entry => entry.name)
      .sort()
      .map(name => readFile(new URL(`${name}/migration.sql`, folder), 'utf8')),
  )
}
