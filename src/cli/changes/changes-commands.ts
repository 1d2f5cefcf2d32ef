import { createConfig } from '../../config.ts'
import { type ChangeLogState, openDatabase, type Query, readChangeLogState } from '../../database/index.ts'
import type { RecordedModel } from '../../engine/index.ts'
import { openProject } from '../../project/index.ts'
import type { CommonArguments } from '../commands.ts'
import { applyEnvironmentFile } from '../session.ts'
import { count, formatTable, print, style } from '../terminal.ts'
import { describeLog } from './describe-log.ts'
import { type RecordedModels, readRecordedModels } from './recorded-models.ts'
import { readWantedRecording } from './wanted-recording.ts'

/** `refract changes status`: which models have their changes recorded, and how it stands with the log; 1 where some should and have not. */
export async function runChangesStatus({ project }: CommonArguments): Promise<number> {
  const { recorded, missing, unrecorded, sql, log } = await compare(project, readChangeLogState)
  print(
    ...formatTable([
      ...recorded.map(
        model => [model.model, `recorded (${nameTable(model)} by ${model.key.join(', ')})`] as const,
      ),
      ...missing.map(({ model }) => [model, style('red', 'should be recorded, and is not')] as const),
      ...unrecorded.map(({ model, reason }) => [model, `not recorded: ${reason}`] as const),
    ]),
  )
  print('', sql === undefined ? 'The database records what the schema says.' : describeFault(missing.length))
  if (log) print('', ...formatTable(describeLog(log)))
  return sql === undefined ? 0 : 1
}

function nameTable({ schema, table }: RecordedModel): string {
  return schema === null ? table : `${schema}.${table}`
}

function describeFault(missing: number): string {
  const fault =
    missing === 0 ? 'The database has other triggers' : `${count(missing, 'model')} to be recorded`
  return `${fault}: run refract migrate dev --name record_changes, or run the output of refract changes sql.`
}

/** `refract changes sql`: prints what makes the database record what the schema says. */
export async function runChangesSql({ project }: CommonArguments): Promise<number> {
  const { sql = '-- The database records what the schema says.\n' } = await compare(project, async () => null)
  print(sql.trimEnd())
  return 0
}

async function compare(
  directory: string,
  readLog: (query: Query) => Promise<ChangeLogState | null>,
): Promise<RecordedModels & { readonly log: ChangeLogState | null }> {
  const { directory: projectDir } = openProject(directory)
  applyEnvironmentFile(projectDir)
  const { databaseUrl: url } = createConfig({ environment: process.env })
  const wanted = await readWantedRecording(projectDir)
  const database = await openDatabase({ url, projectDir, createIfMissing: false })
  try {
    return {
      ...(await readRecordedModels(database, wanted)),
      log: await readLog(sql => database.query(sql)),
    }
  } finally {
    await database.close()
  }
}
