import { StartError } from '../errors.ts'
import { type DatabaseUrl, redactDatabaseUrl } from './database-url.ts'

/** Whether PostgreSQL answered with this five-letter code (Appendix A of its manual). */
export function hasSqlState(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/**
 * The same paragraph for whatever failed because the connection was lost or could not be made anew; undefined where it
 * failed for another reason.
 */
export function explainLostConnection(error: unknown, settings: DatabaseUrl): StartError | undefined {
  const code = String(codeOf(error) ?? '')
  // class 08 of the SQLSTATEs is that of connections; 57P01 to 57P03 are of a server that ends or begins
  const isLost = /^(ECONN|EPIPE|08...$|57P0)/.test(code) || /^Connection terminated/.test(messageOf(error))
  return isLost ? explainConnectionError(error, settings) : undefined
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
    case '57P01':
    case '57P02':
      return paragraph(`The database server at ${place} has ended the connection`, 'Try again.')
    case '57P03':
      return paragraph(
        `The database server at ${place} is starting up or shutting down`,
        'Wait for it, and try again.',
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
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
