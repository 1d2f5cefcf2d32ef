import { type DeploymentRule, rule } from './deployment.ts'

/** Where the data is, and what the gateway may do with it. */
export const databaseRules: readonly DeploymentRule[] = [
  rule(
    'DATABASE_URL',
    'error',
    ({ config }) => config.databaseUrl === undefined,
    () => ({
      fault:
        'The embedded database is for development: it has one backend, no users, and no backups but copies of a folder.',
      remedy: 'Set DATABASE_URL to a PostgreSQL server.',
    }),
  ),
  rule(
    'database role',
    'warning',
    ({ database }) => database?.kind === 'server' && database.isSuperuser,
    ({ database }) => ({
      fault: `The gateway is ${database?.role} to PostgreSQL, a superuser, and needs no such rights.`,
      remedy: 'Set DATABASE_URL to a role with the grants of docs/deployment.md.',
    }),
  ),
  rule(
    'database TLS',
    'warning',
    ({ database }) => database?.kind === 'server' && !database.isEncrypted && !database.isLocal,
    () => ({
      fault: 'Rows travel between the gateway and PostgreSQL as anybody on the way can read them.',
      remedy: 'Add sslmode=verify-full to DATABASE_URL.',
    }),
  ),
]
