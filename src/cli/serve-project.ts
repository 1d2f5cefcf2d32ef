import type { GraphQLSchema } from 'graphql'
import type { Config } from '../config.ts'
import { createClient, type Database, openDatabase } from '../database/index.ts'
import { StartError } from '../errors.ts'
import { createLog, type Log, silentLog } from '../observe/log.ts'
import { generateProject, isRecord, type LoadedProject, loadProject } from '../project/index.ts'
import type { RunningServer } from '../server/index.ts'
import { assertAddressFree } from './assert-address-free.ts'
import type { Closers } from './closers.ts'
import { createApi } from './create-api.ts'
import { openLimits } from './open-limits.ts'
import { hasMigrations, prepareDatabase, type Report } from './prepare-database.ts'
import { readLimits } from './read-limits.ts'
import { type SeedFunction, seedDatabase } from './seed-database.ts'
import type { Session } from './session.ts'

/** A project that is being served. */
export interface RunningProject {
  readonly server: RunningServer
  readonly database: Database
  readonly schema: GraphQLSchema
}

export interface ServeOptions {
  readonly session: Session
  /** What is opened is added here; the caller closes it, also after a failure. */
  readonly closers: Closers
  readonly log: Log
  /** Hears of the steps that take long or change something. */
  readonly report: Report
  /**
   * Under `refract dev`, where the database is prepared and another process still has the port: awaited when all is
   * ready but that.
   */
  readonly takeover?: () => Promise<void>
}

/**
 * Takes a project from its schema to a server that answers: generates, opens and migrates the database, seeds an empty
 * one, builds the API and listens. Throws a StartError at the first step that cannot be done.
 */
export async function serveProject(options: ServeOptions): Promise<RunningProject> {
  const { session, closers, log, report, takeover } = options
  const { project, config } = session
  if (!takeover) await assertAddressFree(config)
  const { isFresh } = await generateProject(project)
  if (isFresh) report('Generated the client for the schema.')

  const opening = openDatabase({
    url: config.databaseUrl,
    projectDir: project.directory,
    // Only migrations can fill a new database; without them it would be left behind empty.
    createIfMissing: hasMigrations(project),
  })
  // What did not open need not be closed; why it did not is thrown below.
  closers.add(() =>
    opening.then(
      database => database.close(),
      () => undefined,
    ),
  )
  // Opening is mostly waiting: meanwhile this thread loads the code of the API.
  const [database, loaded, { startServer }] = await Promise.all([
    opening,
    loadProject(project),
    import('../server/index.ts'),
    import('../engine/index.ts'),
  ])
  const seed = readSeed(loaded)
  const client = createClient(database, loaded.PrismaClient, {
    poolSize: config.poolSize,
    connectTimeoutMilliseconds: config.poolMilliseconds,
    statementTimeoutMilliseconds: config.statementTimeoutMilliseconds,
    onPoolError: error => log.warn(`A connection to the database broke: ${error.message}`),
  })
  closers.add(() => client.$disconnect())
  // Before anything is written: a schema that makes no API must not leave a migrated database behind.
  const engine = await createApi(loaded, client)
  const limits = await openLimits({
    session,
    limits: readLimits(loaded).request,
    pages: engine.settings,
    log,
    closers,
  })

  if (!takeover) await prepareDatabase(session, database, report)
  // Example data has no place in production; refract seed writes it where it is wanted.
  if (seed && !config.isProduction && (await seedDatabase(client, seed, { existing: 'leave' })))
    report('Seeded the empty database.')
  await takeover?.()
  const server = await startServer({
    schema: engine.schema,
    createContext: options => engine.createContext(options),
    ping: () => database.ping(pingMilliseconds),
    log,
    firstQuery: readFirstQuery(loaded),
    ...readServerSettings(config),
    ...limits.server,
  })
  closers.add(() => server.close())
  return { server, database, schema: engine.schema }
}

const pingMilliseconds = 2_000 // 2 seconds

function readServerSettings(config: Config) {
  return {
    host: config.host,
    port: config.port,
    isProduction: config.isProduction,
    access: config.access,
    accessSetting: 'REFRACT_ACCESS=everyone',
    graphqlPath: config.graphqlPath,
    graphiql: config.isGraphiqlServed,
    corsOrigins: config.corsOrigins,
    closeMilliseconds: config.closeMilliseconds,
  }
}

/** The seed function of refract.config.ts. Throws a StartError where `seed` is something else. */
export function readSeed({ config }: LoadedProject): SeedFunction | undefined {
  if (config.seed === undefined || typeof config.seed === 'function')
    return config.seed as SeedFunction | undefined
  throw new StartError(
    `seed in refract.config.ts is ${typeof config.seed}, but expected a function: seed: async ({ client, progress, log }) => { … }.`,
  )
}

function readFirstQuery({ config }: LoadedProject): string | undefined {
  const query = isRecord(config.graphiql) ? config.graphiql.firstQuery : undefined
  return typeof query === 'string' ? query : undefined
}

/** A log that leaves out what is below the level of the settings. */
export function createLeveledLog({ logLevel, isProduction }: Config): Log {
  if (logLevel === 'silent') return silentLog
  const log = createLog({ isProduction })
  if (logLevel === 'error') return { ...silentLog, error: log.error }
  if (logLevel === 'warn') return { ...log, info: silentLog.info }
  return log
}
