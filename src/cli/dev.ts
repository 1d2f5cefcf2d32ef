import { relative } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openDatabase } from '../database/index.ts'
import { generateProject, openProject, type Project } from '../project/index.ts'
import { assertAddressFree } from './assert-address-free.ts'
import { type Closers, createClosers } from './closers.ts'
import { createChangeQueue } from './dev/change-queue.ts'
import { createSupervisor, type Supervisor } from './dev/supervisor.ts'
import { updateDatabase } from './dev/update-database.ts'
import { watchProject } from './dev/watch-project.ts'
import { hasMigrations } from './has-migrations.ts'
import { openSession, type ServeArguments, type Session } from './session.ts'
import { closeOnSignal } from './signals.ts'
import { printRunning } from './start.ts'
import { formatDuration, print, style } from './terminal.ts'

const report = (line: string) => print(style('dim', line))

/**
 * `refract dev`: serves in a child process and replaces it at every change. The embedded database belongs to this
 * process, so it stays up meanwhile; what cannot be applied is explained and leaves the API as it was.
 */
export async function runDev(commandArguments: ServeArguments): Promise<number> {
  const closers = createClosers()
  const signal = closeOnSignal(closers.closeAll)
  try {
    const session = openSession(commandArguments)
    await assertAddressFree(session.config)
    // From the very beginning: what is saved while everything starts must not be missed.
    const changes = createChangeQueue(commandArguments.verbose)
    const watch = await watchProject(session.project, changes.add)
    closers.add(() => watch.close())

    const serving = await startServing(commandArguments, session, closers)
    if (!serving) {
      // The child has said why.
      if (signal.isClosing()) return await signal.closed
      await closers.closeAll()
      return 1
    }
    report('Watching for changes. Ctrl+C ends it.')
    changes.start(files => serving.update(files))
    return await signal.closed
  } catch (error) {
    if (signal.isClosing()) return await signal.closed
    await closers.closeAll()
    throw error
  } finally {
    signal.dispose()
  }
}

interface Serving {
  /** Takes over what has changed on disk. Throws where that cannot be; then all is as it was. */
  update(files: readonly string[]): Promise<void>
}

/** Serves for the first time; undefined where the child could not start. */
async function startServing(
  commandArguments: ServeArguments,
  { project, config }: Session,
  closers: Closers,
): Promise<Serving | undefined> {
  await generateProject(project)
  const database = await openDatabase({
    url: config.databaseUrl,
    projectDir: project.directory,
    createIfMissing: hasMigrations(project),
  })
  closers.add(() => database.close())
  await updateDatabase({ project, config }, database, report)

  const supervisor = createSupervisor(commandArguments, () =>
    print(style('yellow', 'The API has stopped. It starts again at the next change.')),
  )
  closers.add(() => supervisor.stop())
  const url = await supervisor.replace()
  if (url === undefined) return undefined
  printRunning({ directory: project.directory, url, database, config })
  return {
    update: async files => {
      const current = openProject(project.directory)
      await generateProject(current)
      await updateDatabase({ project: current, config }, database, report)
      await restart(supervisor, current, files)
    },
  }
}

async function restart(supervisor: Supervisor, project: Project, files: readonly string[]): Promise<void> {
  const startedAt = performance.now()
  const url = await supervisor.replace()
  const names = files.map(file => relative(project.directory, file)).join(', ')
  if (url === undefined) print(style('yellow', `Not restarted after the change of ${names}.`))
  else print(`${style('green', '↻')} ${names}: restarted in ${formatDuration(performance.now() - startedAt)}`)
}
