import type { AuthConfig } from './auth/index.ts'
import type { EngineConfig, SeedContext } from './engine/index.ts'
import type { RequestLimits } from './limits/index.ts'

/** `refract.config.ts`. */
export interface Config extends EngineConfig {
  /** Bounds for every operation, and for every request before it becomes one. */
  readonly limits?: EngineConfig['limits'] & Partial<RequestLimits>
  /** Fills an empty database with data to work with. */
  readonly seed?: (context: SeedContext) => Promise<void>
  /** The roles that viewers can have, for `refract policy matrix`. */
  readonly roles?: readonly string[]
  /** How it is found out who asks: bearer tokens, the project's own sign-in. */
  readonly auth?: AuthConfig
  readonly graphiql?: {
    /** The query that GraphiQL opens with. */
    readonly firstQuery?: string
  }
}

/** A project's configuration; only gives it its type. */
export function defineConfig(config: Config): Config {
  return config
}
