import { createJwtIdentifier } from '../../auth/index.ts'
import { createConfig } from '../../config.ts'
import type { Database } from '../../database/index.ts'
import { anonymous, type Engine } from '../../engine/index.ts'
import { silentLog } from '../../observe/log.ts'
import { isRecord, type LoadedProject } from '../../project/index.ts'
import { readAuthConfig } from '../create-auth.ts'
import { matrixViewers, readRoles } from '../policy-matrix.ts'
import { readLimits } from '../read-limits.ts'
import type { DatabaseFacts, Deployment } from './deployment.ts'

export interface DeploymentSources {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly loaded: LoadedProject
  readonly engine: Engine
  /** Undefined where it does not answer. */
  readonly database: Database | undefined
}

/**
 * Collects what the rules look at. The settings are read as with NODE_ENV=production, whatever it is.
 *
 * @throws StartError where a setting is wrong
 */
export async function readDeployment(sources: DeploymentSources): Promise<Deployment> {
  const { environment, loaded, engine, database } = sources
  const { provider, jwt } = readAuthConfig(loaded)
  const models = engine.datamodel.models.map(({ name }) => name)
  const withPolicy = readPolicyModels(loaded)
  if (jwt) await createJwtIdentifier(jwt, silentLog)
  return {
    config: createConfig({ environment: { ...environment, NODE_ENV: 'production' } }),
    environment: environment.NODE_ENV || 'development',
    limits: readLimits(loaded).request,
    hasProvider: provider !== undefined,
    hasJwt: jwt !== undefined,
    modelsWithoutPolicy: models.filter(name => !withPolicy.has(name)),
    hasPolicies: withPolicy.size > 0,
    openWrites: findOpenWrites(engine),
    brokenRules: findBrokenRules(engine, readRoles(loaded)),
    database: database && (await readDatabaseFacts(database)),
  }
}

/** The engine has checked them. */
function readPolicyModels({ config }: LoadedProject): ReadonlySet<unknown> {
  const policies = Array.isArray(config.policies) ? config.policies : []
  return new Set(policies.map(policy => (isRecord(policy) ? policy.model : undefined)))
}

function findOpenWrites({ explain }: Engine): readonly string[] {
  return explain
    .matrix([anonymous])
    .filter(({ subject, operation, extents }) => {
      const isField = subject.includes('.')
      return !isField && operation !== 'read' && (extents[0] === 'all' || extents[0] === 'some')
    })
    .map(({ subject, operation }) => `${operation} ${subject}`)
}

function findBrokenRules({ explain }: Engine, roles: readonly string[]): readonly string[] {
  return explain
    .matrix(matrixViewers(roles))
    .filter(({ extents }) => extents.includes('wrong'))
    .map(({ subject, operation }) => `${operation} ${subject}`)
}

async function readDatabaseFacts(database: Database): Promise<DatabaseFacts> {
  if (database.kind === 'embedded') {
    return { kind: 'embedded', role: '', isSuperuser: false, isEncrypted: false, isLocal: true }
  }
  const [row] = await database.query<{ role: string; superuser: boolean; ssl: boolean; local: boolean }>(
    `SELECT current_user AS role,
       (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS ssl,
       coalesce(inet_client_addr() <<= '127.0.0.0/8' OR inet_client_addr() = '::1', true) AS local`,
  )
  if (!row) throw new Error('Expected one row of SELECT without FROM.')
  const { role, superuser, ssl, local } = row
  return { kind: 'server', role, isSuperuser: superuser, isEncrypted: ssl, isLocal: local }
}
