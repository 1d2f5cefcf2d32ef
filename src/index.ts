export type {
  AttemptLimiter,
  AuthConfig,
  AuthProvider,
  AuthSetup,
  ClaimPath,
  CreateAttemptLimiter,
  CreateAuthProvider,
  CreatedAdministrator,
  DevelopmentViewer,
  JwtAlgorithm,
  JwtClaimNames,
  JwtOptions,
  NewAdministrator,
  WebRoute,
} from './auth/index.ts'
export { type Config, defineConfig } from './define-config.ts'
export * from './engine/index.ts'
export { RefractError } from './errors.ts'
