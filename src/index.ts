export type {
  AuthConfig,
  AuthProvider,
  AuthSetup,
  ClaimPath,
  CreateAuthProvider,
  CreatedAdministrator,
  Credential,
  DevelopmentViewer,
  JwtAlgorithm,
  JwtClaimNames,
  JwtOptions,
  NewAdministrator,
  RecheckCredentials,
  WebRoute,
} from './auth/index.ts'
export { type Config, defineConfig } from './define-config.ts'
export * from './engine/index.ts'
export { RefractError } from './errors.ts'
export type { AttemptLimiter, CreateAttemptLimiter } from './limits/index.ts'
