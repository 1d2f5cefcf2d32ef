import { setTimeout as wait } from 'node:timers/promises'
import type { BenchDatabase } from './create-database.ts'

const quietLooks = 3
const lookMilliseconds = 10
const mostMilliseconds = 20_000 // longer than any operation may run

/**
 * Waits until nobody runs anything in the database: when a load ends, requests are still on their way. Throws where that
 * does not come to an end.
 */
export async function settle({ client, name }: BenchDatabase): Promise<void> {
  const deadline = Date.now() + mostMilliseconds
  for (let quiet = 0; quiet < quietLooks; ) {
    const { rows } = await client.query(
      `SELECT 1 FROM pg_stat_activity
       WHERE datname = $1 AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()`,
      [name],
    )
    quiet = rows.length === 0 ? quiet + 1 : 0
    if (Date.now() > deadline) throw new Error('The database does not come to rest after a load.')
    await wait(lookMilliseconds)
  }
}
