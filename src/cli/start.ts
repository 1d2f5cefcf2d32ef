import { basename } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { Config } from '../config.ts'
import { type Database, redactDatabaseUrl } from '../database/index.ts'
import { createClosers } from './closers.ts'
import { childVariable } from './dev/messages.ts'
import { createLeveledLog, serveProject } from './serve-project.ts'
import { openSession, type ServeArguments } from './session.ts'
import { closeOnSignal } from './signals.ts'
import { formatDuration, formatTable, print, style } from './terminal.ts'

/** `refract start`: serves until a signal comes; resolves with the exit code when everything is closed. */
export async function runStart(commandArguments: ServeArguments): Promise<number> {
  if (process.env[childVariable]) return (await import('./dev/serve-child.ts')).serveAsChild(commandArguments)
  const closers = createClosers()
  const signal = closeOnSignal(closers.closeAll)
  try {
    const session = openSession(commandArguments)
    const { project, config } = session
    const log = createLeveledLog(config)
    const report = (line: string) => (config.isProduction ? log.info(line) : print(style('dim', line)))
    const { server, database } = await serveProject({ session, closers, log, report })
    if (config.isProduction) log.info(`Serving ${server.url}${config.graphqlPath}`)
    else printRunning({ directory: project.directory, url: server.url, database, config })
    return await signal.closed
  } catch (error) {
    // What fails because the signal closed it under its feet is no fault.
    if (signal.isClosing()) return await signal.closed
    await closers.closeAll()
    throw error
  } finally {
    signal.dispose()
  }
}

export interface RunningSummary {
  readonly directory: string
  readonly url: string
  readonly database: Pick<Database, 'kind' | 'url'>
  readonly config: Config
}

/** Says where everything is, in a few lines. */
export function printRunning({ directory, url, database, config }: RunningSummary): void {
  const isEmbedded = database.kind === 'embedded'
  print(
    '',
    `  ${style('bold', 'Refract')} serves ${style('bold', basename(directory))}`,
    '',
    ...formatTable([
      [config.isGraphiqlServed ? 'GraphiQL' : 'GraphQL', style('cyan', `${url}${config.graphqlPath}`)],
      ['Database', isEmbedded ? `${database.url}  (embedded)` : redactDatabaseUrl(database.url)],
      ['Ready in', formatDuration(performance.now())],
    ]),
    '',
  )
}
