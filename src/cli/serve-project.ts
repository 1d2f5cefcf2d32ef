import type { GraphQLSchema } from 'graphql'
import type { AuthProvider } from '../auth/index.ts'
import type { Access, Config } from '../config.ts'
import { connectClient, type Database, explainLostConnection, openDatabase } from '../database/index.ts'
import type { Viewer } from '../engine/index.ts'
import { StartError } from '../errors.ts'
import { getOrCreate } from '../lib/get-or-create.ts'
import { createLog, type Log, silentLog } from '../observe/log.ts'
import { generateProject, isRecord, type LoadedProject, loadProject } from '../project/index.ts'
import type { DevelopmentUsers, RunningServer } from '../server/index.ts'
import { assertAddressFree } from './assert-address-free.ts'
import { describeUnrecorded } from './changes/describe-unrecorded.ts'
import type { Closers } from './closers.ts'
import { createApi } from './create-api.ts'
import { createProjectAuth, readAuthConfig } from './create-auth.ts'
import { createChangeSource, createEventCarrier, pruneChanges } from './follow-changes.ts'
import { hasMigrations } from './has-migrations.ts'
import { openLimits } from './open-limits.ts'
import { createOrdinaryReport } from './ordinary-report.ts'
import { prepareDatabase, type Report } from './prepare-database.ts'
import { createProcessMetrics, startMetrics } from './process-metrics.ts'
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
  const [database, loaded, { startServer }, { createViewer, cursorOf }] = await Promise.all([
    opening,
    loadProject(project),
    import('../server/index.ts'),
    import('../engine/index.ts'),
  ])
  const seed = readSeed(loaded)
  const { client, readText, transact } = connectClient(database, loaded.PrismaClient, {
    poolSize: config.poolSize,
    connectTimeoutMilliseconds: config.poolMilliseconds,
    statementTimeoutMilliseconds: config.statementTimeoutMilliseconds,
    onPoolError: error => log.warn(`A connection to the database broke: ${error.message}`),
  })
  closers.add(() => client.$disconnect())
  const metrics = await createProcessMetrics(config)
  // Before anything is written: a schema that makes no API must not leave a migrated database behind.
  const engine = await createApi(loaded, client, {
    changes: createChangeSource(database, log, metrics),
    events: createEventCarrier(database, config, log, closers),
    reads: { readText, transact, onOrdinary: createOrdinaryReport(log, metrics) },
  })
  closers.add(async () => {
    engine.events.close()
    await engine.changes.close()
  })
  const port = await choosePort(config, loaded)
  const limits = await openLimits({
    session,
    limits: readLimits(loaded).request,
    pages: engine.settings,
    log,
    closers,
  })
  const { createAttemptLimiter } = limits
  const { identify, provider } = await createProjectAuth({
    loaded,
    client,
    project,
    config,
    port,
    log,
    createAttemptLimiter,
  })

  const prepare = async () => {
    if (!takeover) await prepareDatabase(session, database, report)
    const unrecorded = await describeUnrecorded(database, project, loaded)
    if (unrecorded !== undefined) log.warn(unrecorded)
  }
  await prepare().catch((error: unknown) => {
    throw explainLostConnection(error, database.settings) ?? error
  })
  // Example data has no place in production; refract seed writes it where it is wanted.
  if (seed && !config.isProduction && (await seedDatabase(client, seed, { existing: 'leave' })))
    report('Seeded the empty database.')
  await takeover?.()
  closers.add(pruneChanges(engine.changes, config, log))
  const isOpen = (config.access ?? defaultAccess(config, loaded)) === 'everyone'
  // Who may do everything with the data is still no operator: closed introspection and the limits hold.
  const entitled = new WeakMap<Viewer, Viewer>()
  const entitle = (viewer: Viewer) =>
    getOrCreate(entitled, viewer, () => createViewer({ ...viewer, isAdministrator: true }))
  const toViewer = (viewer: Viewer) => (isOpen ? entitle(viewer) : viewer)
  const server = await startServer({
    schema: viewer => engine.schemaFor(toViewer(viewer)),
    execute: engine.execute,
    subscribe: engine.subscribe,
    resumeCursorOf: cursorOf,
    createContext: ({ viewer, http }) => engine.createContext({ http, viewer: toViewer(viewer) }),
    identify,
    recheck: provider?.recheck?.bind(provider),
    webRoutes: provider?.routes ?? {},
    developmentUsers: readDevelopmentUsers(provider),
    ping: () => database.ping(pingMilliseconds),
    log,
    metrics,
    firstQuery: readFirstQuery(loaded),
    ...readServerSettings(config),
    ...limits.server,
    access: isOpen || hasPolicies(loaded) ? 'everyone' : 'nobody',
    port,
  })
  closers.add(() => server.close())
  if (metrics)
    await startMetrics({ metrics, config, server, database, changes: engine.changes, log, closers })
  return { server, database, schema: engine.schema }
}

function defaultAccess({ isProduction }: Config, loaded: LoadedProject): Access {
  return isProduction || hasPolicies(loaded) ? 'policies' : 'everyone'
}

function hasPolicies({ config }: LoadedProject): boolean {
  return Array.isArray(config.policies) && config.policies.length > 0
}

/** A sign-in has to know its own address before the server listens: for any free port, one is chosen now. */
async function choosePort(config: Config, loaded: LoadedProject): Promise<number> {
  const isNeeded = config.port === 0 && readAuthConfig(loaded).provider !== undefined
  return isNeeded ? await assertAddressFree(config) : config.port
}

function readDevelopmentUsers(provider: AuthProvider | undefined): DevelopmentUsers | undefined {
  const developmentViewers = provider?.developmentViewers?.bind(provider)
  const viewerOf = provider?.viewerOf?.bind(provider)
  return developmentViewers && viewerOf ? { developmentViewers, viewerOf } : undefined
}

const pingMilliseconds = 2_000 // 2 seconds

function readServerSettings(config: Config) {
  return {
    host: config.host,
    isProduction: config.isProduction,
    accessSetting: 'REFRACT_ACCESS=everyone',
    graphqlPath: config.graphqlPath,
    graphiql: config.isGraphiqlServed,
    corsOrigins: config.corsOrigins,
    publicUrl: config.publicUrl,
    connections: config.connections,
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
  if (logLevel === 'warn') return { ...silentLog, warn: log.warn, error: log.error }
  return logLevel === 'debug' ? log : { ...log, debug: silentLog.debug }
}
