import type { SeedContext } from '../../engine/index.ts'
import { createRows } from './create-rows.ts'
import { writeRows } from './write-rows.ts'

/**
 * Fills an empty database with the example: eight teams at work, as they stood on 5 January 2026. All or nothing:
 * the rows are written in one transaction.
 */
export async function seed({ client, progress, log }: SeedContext): Promise<void> {
  const rows = createRows()
  await writeRows(client, rows, progress)
  log(
    `${rows.users.length} people, ${rows.teams.length} teams, ${rows.projects.length} projects, ` +
      `${rows.issues.length.toLocaleString('en')} issues, ${rows.comments.length.toLocaleString('en')} comments.`,
  )
}
