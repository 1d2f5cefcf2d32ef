import type { JwtOptions } from './jwt-options.ts'
import type { CreateAuthProvider } from './provider.ts'

/** `auth` of `refract.config.ts`: how it is found out who asks. */
export interface AuthConfig {
  /** Bearer tokens that an issuer elsewhere signs. */
  readonly jwt?: JwtOptions
  /** The project's own sign-in. */
  readonly provider?: CreateAuthProvider
}
