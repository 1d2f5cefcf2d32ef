import { existsSync, readFileSync } from 'node:fs'
import type { GraphQLSchema } from 'graphql'
import { createConfig } from '../config.ts'
import { type Database, openDatabase, planMigration, readMigrationStatus } from '../database/index.ts'
import { StartError } from '../errors.ts'
import {
  generateProject,
  loadConfigFile,
  openProject,
  type Project,
  readPreparedFiles,
} from '../project/index.ts'
import { describeUnrecorded } from './changes/describe-unrecorded.ts'
import { type Closers, createClosers } from './closers.ts'
import type { CommonArguments } from './commands.ts'
import type { Deployment, DeploymentFault } from './deployment/deployment.ts'
import { deploymentRules, findDeploymentFaults } from './deployment/find-faults.ts'
import { readDeployment } from './deployment/read-deployment.ts'
import { hasMigrations } from './has-migrations.ts'
import { type BuiltApi, buildApi, printApi } from './print-api.ts'
import { applyEnvironmentFile } from './session.ts'
import { count, print, shortPath, style } from './terminal.ts'

/** Runs one look; `undefined` instead of a result says that it found something wrong. */
type Look = <T>(
  name: string,
  run: () => Promise<readonly [result: T, remark?: string]>,
) => Promise<T | undefined>

export interface CheckArguments extends CommonArguments {
  /** Whether to look at what is unsafe to deploy, too. */
  readonly deploy: boolean
  /** From which level on something unsafe is a fault. */
  readonly failLevel: DeploymentFault['level']
}

/**
 * `refract check`: looks at everything that has to be in step, one line each, and goes on after a fault as far as it
 * can. 1 where something is wrong.
 */
export async function runCheck(commandArguments: CheckArguments): Promise<number> {
  const { project: directory, deploy, failLevel } = commandArguments
  const project = openProject(directory)
  applyEnvironmentFile(project.directory)
  let faults = 0
  let warnings = 0
  const look: Look = async (name, run) => {
    try {
      const [result, remark] = await run()
      print(`${style('green', '✓')} ${name}${remark ? style('dim', `  ${remark}`) : ''}`)
      return result
    } catch (error) {
      if (!(error instanceof Error)) throw error
      faults += 1
      print(`${style('red', '✗')} ${name}: ${error.message}`)
      return undefined
    }
  }
  const api = await checkApi(project, look)
  if (api) {
    const { schema } = api.engine
    await look('schema.graphql', async () => [checkPrintedApi(project, schema), 'is current'])
  }
  const closers = createClosers()
  try {
    const database = await checkDatabase(project, look, closers)
    const unrecorded = database && api && (await describeUnrecorded(database, project, api.loaded))
    if (unrecorded !== undefined) {
      warnings += 1
      print(`${style('yellow', '!')} Changes: ${unrecorded}`)
    }
    if (deploy && api) {
      const deployment = await look('Settings for production', async () => [
        await readDeployment({ environment: process.env, database, ...api }),
      ])
      if (deployment) {
        const levels = printDeployment(deployment).map(({ level }) => level)
        const errors = failLevel === 'warning' ? levels : levels.filter(level => level === 'error')
        faults += errors.length
        warnings += levels.length - errors.length
      }
    }
  } finally {
    await closers.closeAll()
  }
  print(describeOutcome(faults, warnings))
  return faults === 0 ? 0 : 1
}

async function checkApi(project: Project, look: Look): Promise<BuiltApi | undefined> {
  const isGenerated = await look(shortPath(project.schemaPath), async () => [
    await generateProject(project),
    'parses',
  ])
  const isLoaded = await look('refract.config.ts', async () => [
    await loadConfigFile(project),
    project.configFile ? 'loads' : 'there is none, and it needs none',
  ])
  if (!isGenerated || !isLoaded) return undefined
  return await look('The API', async () => {
    const api = await buildApi(project)
    const types = Object.keys(api.engine.schema.getTypeMap()).filter(name => !name.startsWith('__')).length
    return [api, `${count(types, 'type')}, no name collides`]
  })
}

function checkPrintedApi(project: Project, schema: GraphQLSchema): true {
  const file = project.graphqlFile
  if (!existsSync(file)) throw new StartError('there is none yet. Run refract generate and commit it.')
  if (readFileSync(file, 'utf8') === printApi(schema)) return true
  throw new StartError('is not what the schema makes now. Run refract generate and commit it.')
}

async function checkDatabase(project: Project, look: Look, closers: Closers): Promise<Database | undefined> {
  const config = await look('Settings', async () => [createConfig({ environment: process.env })])
  if (!config) return undefined
  const database = await look('Database', async () => {
    const opened = await openDatabase({
      url: config.databaseUrl,
      projectDir: project.directory,
      createIfMissing: false,
    })
    closers.add(() => opened.close())
    return [opened, opened.kind === 'embedded' ? 'the embedded one answers' : 'answers']
  })
  if (database) await look('Migrations', async () => [true, await checkMigrations(project, database)])
  return database
}

function printDeployment(deployment: Deployment): readonly DeploymentFault[] {
  const found = findDeploymentFaults(deployment)
  for (const { level, rule, fault, remedy } of found) {
    const mark = level === 'error' ? style('red', '✗') : style('yellow', '!')
    print(`${mark} ${rule}: ${fault}`, style('dim', `    ${remedy}`))
  }
  const looks = count(deploymentRules.length, 'look')
  print(
    `${style('green', '✓')} ${deploymentRules.length - found.length} of ${looks} at the deployment found nothing.`,
  )
  return found
}

function describeOutcome(faults: number, warnings: number): string {
  if (faults > 0) return `${count(faults, 'thing')} to mend.`
  return warnings > 0
    ? `Nothing that has to be mended, ${count(warnings, 'thing')} to consider.`
    : 'All is well.'
}

/** A remark where the database has all that the folder and the schema say; else a StartError that says what mends it. */
async function checkMigrations(project: Project, database: Database): Promise<string> {
  if (!hasMigrations(project)) return 'there are none; the database is used as it is'
  const migrationsDir = project.migrationsDirectory
  const { pending, failed, edited } = await readMigrationStatus(database, { migrationsDir })
  const [failure] = failed
  if (failure) {
    throw new StartError(
      `${failure.name} failed when it was applied. Correct it, then run refract migrate resolve --rolled-back ${failure.name}.`,
    )
  }
  if (edited.length > 0) {
    throw new StartError(
      `${edited.join(', ')} changed after having been applied. Take the change back, or run refract migrate reset.`,
    )
  }
  if (pending.length > 0) {
    throw new StartError(
      `${pending.join(', ')} ${pending.length === 1 ? 'is' : 'are'} not applied yet. Run refract start, or refract migrate deploy.`,
    )
  }
  const plan = await planMigration(database, { migrationsDir, schemaFiles: readPreparedFiles(project) })
  if (plan)
    throw new StartError('the schema says more than they do. Run refract migrate dev to write the next one.')
  return 'are applied, and make what the schema says'
}
