import { StartError } from '../errors.ts'
import { type DatabaseUrl, redactDatabaseUrl } from './database-url.ts'

/** Whether PostgreSQL answered with this five-letter code (Appendix A of its manual). */
export function hasSqlState(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Turns what `pg` says when a connection fails into a paragraph that says what to do. */
export function explainConnectionError(error: unknown, settings: DatabaseUrl): StartError {
  const { host, port, user, database, url } = settings
  const place = `${host}:${port}`
  const reason = error instanceof Error ? describe(error) : String(error)
  const paragraph = (what: string, remedy: string) =>
    new StartError(`${what} (address: ${redactDatabaseUrl(url)}; it said: ${reason}). ${remedy}`, {
      cause: error,
    })
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return paragraph(
        `No PostgreSQL server answers at ${place}`,
        'Start it, or correct DATABASE_URL, or unset DATABASE_URL to use the embedded database.',
      )
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return paragraph(`The database host "${host}" is unknown`, 'Correct the host in DATABASE_URL.')
    case '28P01':
    case '28000':
      return paragraph(
        `The database server at ${place} refused the sign-in of user "${user}"`,
        'Correct the user and the password in DATABASE_URL.',
      )
    case '3D000':
      return paragraph(
        `The database server at ${place} has no database "${database}"`,
        'Create it, or correct the name in DATABASE_URL.',
      )
    case '42501':
      return paragraph(
        `The database "${database}" does not exist and user "${user}" may not create it`,
        'Create it as an administrator, or correct the name in DATABASE_URL.',
      )
    case '53300':
      return paragraph(
        `The database server at ${place} has no connection left`,
        'Close other programs that use it, or raise its max_connections.',
      )
  }
  if (/timeout|ETIMEDOUT/i.test(reason)) {
    return paragraph(
      `The database server at ${place} did not answer in time`,
      'See that it runs and can be reached from here, or correct DATABASE_URL.',
    )
  }
  return paragraph(
    `The database at ${place} could not be opened`,
    'See that it runs, or correct DATABASE_URL.',
  )
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/** `localhost` has two addresses; when both refuse, the message is empty and the reasons are inside. */
function describe(error: Error): string {
  const inner = error instanceof AggregateError ? error.errors : []
  const messages = [error.message, ...inner.map(String)].filter(message => message !== '')
  return messages.join('; ') || String(codeOf(error) ?? error.name)
}
