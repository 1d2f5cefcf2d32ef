import { relative } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openDatabase } from '../database/index.ts'
import { generateProject, openProject, type Project } from '../project/index.ts'
import { assertAddressFree } from './assert-address-free.ts'
import { createClosers } from './closers.ts'
import { createSupervisor, type Supervisor } from './dev/supervisor.ts'
import { updateDatabase } from './dev/update-database.ts'
import { watchProject } from './dev/watch-project.ts'
import { hasMigrations } from './prepare-database.ts'
import { reportError } from './report-error.ts'
import { openSession, type ServeArguments } from './session.ts'
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
    const { project, config } = session
    await assertAddressFree(config)
    await generateProject(project)
    const database = await openDatabase({
      url: config.databaseUrl,
      projectDir: project.directory,
      createIfMissing: hasMigrations(project),
    })
    closers.add(() => database.close())
    await updateDatabase(session, database, report)

    const supervisor = createSupervisor(commandArguments, () =>
      print(style('yellow', 'The API has stopped. It starts again at the next change.')),
    )
    closers.add(() => supervisor.stop())
    const url = await supervisor.replace()
    if (url === undefined) {
      // The child has said why.
      if (!signal.isClosing()) await closers.closeAll()
      return signal.isClosing() ? await signal.closed : 1
    }
    printRunning({ directory: project.directory, url, database, config })

    const changes = createQueue(async files => {
      const current = openProject(project.directory)
      await generateProject(current)
      await updateDatabase({ project: current, config }, database, report)
      await restart(supervisor, current, files)
    }, commandArguments.verbose)
    const watch = await watchProject(project, changes.add)
    closers.add(() => watch.close())
    report('Watching for changes. Ctrl+C ends it.')
    return await signal.closed
  } catch (error) {
    if (signal.isClosing()) return await signal.closed
    await closers.closeAll()
    throw error
  } finally {
    signal.dispose()
  }
}

async function restart(supervisor: Supervisor, project: Project, files: readonly string[]): Promise<void> {
  const startedAt = performance.now()
  const url = await supervisor.replace()
  const names = files.map(file => relative(project.directory, file)).join(', ')
  if (url === undefined) print(style('yellow', `Not restarted after the change of ${names}.`))
  else print(`${style('green', '↻')} ${names}: restarted in ${formatDuration(performance.now() - startedAt)}`)
}

/**
 * Handles one batch of changes at a time; what changes meanwhile makes the next batch. An error is printed and leaves
 * everything as it was.
 */
function createQueue(
  handle: (files: readonly string[]) => Promise<void>,
  isVerbose: boolean,
): { add(files: readonly string[]): void } {
  const waiting = new Set<string>()
  let isRunning = false
  const run = async () => {
    isRunning = true
    while (waiting.size > 0) {
      const files = [...waiting]
      waiting.clear()
      await handle(files).catch((error: unknown) => {
        reportError(error, { isVerbose })
        print(style('yellow', 'The API goes on as it was.'))
      })
    }
    isRunning = false
  }
  return {
    add: files => {
      for (const file of files) waiting.add(file)
      if (!isRunning) void run()
    },
  }
}
