import type { SeedContext } from '../../engine/index.ts'
import { createRows } from './create-rows.ts'
import { developmentPassword } from './people.ts'
import { writeRows } from './write-rows.ts'

/**
 * Fills an empty database with the example: eight teams at work, as they stood on 5 January 2026. All or nothing:
 * the rows are written in one transaction.
 */
export async function seed({ client, progress, log }: SeedContext): Promise<void> {
  const rows = createRows()
  // Their password is known to everyone who has read the docs.
  const isOpen = process.env.NODE_ENV !== 'production'
  await writeRows(client, isOpen ? rows : { ...rows, accounts: [] }, progress)
  log(
    `${rows.users.length} people, ${rows.teams.length} teams, ${rows.projects.length} projects, ` +
      `${rows.issues.length.toLocaleString('en')} issues, ${rows.comments.length.toLocaleString('en')} comments.`,
  )
  log(
    isOpen
      ? `Everyone's password is ${developmentPassword}; the first is ${rows.users[0]?.email}.`
      : 'Nobody has a password: this is production. refract create-admin makes somebody who can sign in.',
  )
}
