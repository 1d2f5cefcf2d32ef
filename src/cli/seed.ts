import { createClient, openDatabase } from '../database/index.ts'
import { StartError } from '../errors.ts'
import { generateProject, loadProject } from '../project/index.ts'
import { createClosers } from './closers.ts'
import type { CommonArguments } from './commands.ts'
import { prepareDatabase } from './prepare-database.ts'
import { seedDatabase } from './seed-database.ts'
import { readSeed } from './serve-project.ts'
import { openSession } from './session.ts'
import { print, style } from './terminal.ts'

export interface SeedArguments extends CommonArguments {
  readonly force: boolean
  readonly reset: boolean
}

/** `refract seed`: runs the seed of refract.config.ts; refuses where there are rows, unless told what to do with them. */
export async function runSeed(commandArguments: SeedArguments): Promise<number> {
  const session = openSession(commandArguments)
  const { project, config } = session
  await generateProject(project)
  const loaded = await loadProject(project)
  const seed = readSeed(loaded)
  if (!seed) {
    throw new StartError(
      `There is no seed: refract.config.ts in ${project.directory} was expected to say ` +
        'seed: async ({ client, progress, log }) => { … } inside defineConfig({ … }).',
    )
  }
  if (config.isProduction && commandArguments.reset && !commandArguments.force) {
    throw new StartError(
      'refract seed --reset deletes every row, and NODE_ENV is production: add --force if that is what you want.',
    )
  }
  const closers = createClosers()
  try {
    const database = await openDatabase({ url: config.databaseUrl, projectDir: project.directory })
    closers.add(() => database.close())
    await prepareDatabase(session, database, line => print(style('dim', line)))
    const client = createClient(database, loaded.PrismaClient, {
      poolSize: 1,
      statementTimeoutMilliseconds: 0,
    })
    closers.add(() => client.$disconnect())
    const existing = commandArguments.reset ? 'delete' : commandArguments.force ? 'add' : 'leave'
    if (!(await seedDatabase(client, seed, { existing }))) {
      throw new StartError(
        'The database has rows already, so nothing was seeded. refract seed --reset deletes all of them first; ' +
          'refract seed --force adds to them.',
      )
    }
    print(`${style('green', '✓')} Seeded.`)
    return 0
  } finally {
    await closers.closeAll()
  }
}
