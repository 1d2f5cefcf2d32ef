import pg from 'pg'
import { parseDatabaseUrl, toPoolConfig } from '../database-url.ts'
import { planRecording, type WantedRecording } from './plan-recording.ts'
import { readRecordingState } from './read-recording.ts'

/**
 * Makes the database at `url` record what is wanted, without a migration; all or nothing. Returns whether there was
 * anything to do.
 */
export async function installRecording(url: string, wanted: WantedRecording): Promise<boolean> {
  const settings = parseDatabaseUrl(url)
  const client = new pg.Client({ ...toPoolConfig(settings), connectionTimeoutMillis: 5_000 })
  await client.connect()
  try {
    const state = await readRecordingState(async sql => (await client.query(sql)).rows)
    const sql = planRecording(state, wanted, settings.schema)
    // Several statements in one query are one transaction.
    if (sql !== undefined) await client.query(sql)
    return sql !== undefined
  } finally {
    await client.end()
  }
}
