import type { AuthProvider } from '../auth/index.ts'
import { connectClient, type Database, openDatabase } from '../database/index.ts'
import type { ReadSource } from '../engine/index.ts'
import { createAttemptLimiters, createCounterStore } from '../limits/index.ts'
import type { GeneratedClient, LoadedProject } from '../project/index.ts'
import { createClosers } from './closers.ts'
import { createProvider } from './create-auth.ts'
import { prepareDatabase } from './prepare-database.ts'
import { createLeveledLog } from './serve-project.ts'
import type { Session } from './session.ts'
import { print, style } from './terminal.ts'

/** A project with its database open, for a command that does one thing and ends. */
export interface OpenedProject {
  readonly database: Database
  readonly client: GeneratedClient
  /** Sends statements of compiled reads. */
  readonly reads: ReadSource
  /** The project's own sign-in, if it has one. */
  readonly provider: AuthProvider | undefined
}

/** Opens a project's database, migrated, for `work`, and closes it afterwards, also after a failure. */
export async function withProject<Result>(
  session: Session,
  loaded: LoadedProject,
  work: (project: OpenedProject) => Promise<Result>,
): Promise<Result> {
  const { project, config } = session
  const closers = createClosers()
  try {
    const database = await openDatabase({ url: config.databaseUrl, projectDir: project.directory })
    closers.add(() => database.close())
    await prepareDatabase(session, database, line => print(style('dim', line)))
    const { client, readText, transact } = connectClient(database, loaded.PrismaClient, { poolSize: 2 })
    closers.add(() => client.$disconnect())
    const log = createLeveledLog(config)
    const provider = await createProvider({
      loaded,
      client,
      project,
      config,
      port: config.port,
      log,
      createAttemptLimiter: createAttemptLimiters(await createCounterStore({ log })),
    })
    return await work({ database, client, reads: { readText, transact }, provider })
  } finally {
    await closers.closeAll()
  }
}
