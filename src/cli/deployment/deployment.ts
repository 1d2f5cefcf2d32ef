import type { Config } from '../../config.ts'
import type { RequestLimits } from '../../limits/index.ts'

/** What is about to be deployed, as far as it can be known beforehand. */
export interface Deployment {
  /** The settings as they are with NODE_ENV=production. */
  readonly config: Config
  /** What NODE_ENV is. */
  readonly environment: string
  readonly limits: RequestLimits
  /** Whether refract.config.ts has a sign-in of the project's own. */
  readonly hasProvider: boolean
  /** Whether it takes bearer tokens. */
  readonly hasJwt: boolean
  /** Models that the API offers and no policy is about. */
  readonly modelsWithoutPolicy: readonly string[]
  /** Whether any model has a policy. */
  readonly hasPolicies: boolean
  /** What nobody has to sign in for: each as `delete Issue`. */
  readonly openWrites: readonly string[]
  /** Rules that throw for a viewer who has not signed in, or who has one of the roles: each as `read Issue`. */
  readonly brokenRules: readonly string[]
  /** Undefined where the database does not answer. */
  readonly database: DatabaseFacts | undefined
}

/** What PostgreSQL says of the connection. */
export interface DatabaseFacts {
  readonly kind: 'server' | 'embedded'
  readonly role: string
  readonly isSuperuser: boolean
  readonly isEncrypted: boolean
  /** Whether the server is on this machine. */
  readonly isLocal: boolean
}

/** Something that is unsafe (`error`), or may be meant (`warning`). */
export interface DeploymentFault {
  readonly level: 'error' | 'warning'
  /** What is the case, and what can come of it. */
  readonly fault: string
  /** The setting that mends it. */
  readonly remedy: string
}

/** Looks at one thing. */
export interface DeploymentRule {
  readonly name: string
  readonly find: (deployment: Deployment) => DeploymentFault | undefined
}

/** A rule that finds something where the condition holds. */
export function rule(
  name: string,
  level: DeploymentFault['level'],
  holds: (deployment: Deployment) => boolean,
  describe: (deployment: Deployment) => Omit<DeploymentFault, 'level'>,
): DeploymentRule {
  return {
    name,
    find: deployment => (holds(deployment) ? { level, ...describe(deployment) } : undefined),
  }
}
