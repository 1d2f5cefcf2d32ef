export { adminSecretHeader, createAdminSecretIdentifier } from './admin-secret.ts'
export type { AuthConfig } from './auth-config.ts'
export {
  type CredentialEnd,
  type CredentialWatch,
  createCredentialWatch,
} from './credential-watch.ts'
export { createSecret, readDevelopmentSecret } from './development-secret.ts'
export { createIdentify } from './identify.ts'
export { type Credential, type Identity, type RecheckCredentials, toIdentity } from './identity.ts'
export { createJwtIdentifier, type JwtIdentifier } from './jwt.ts'
export type { ClaimPath, JwtAlgorithm, JwtClaimNames, JwtOptions } from './jwt-options.ts'
export type {
  AuthProvider,
  AuthSetup,
  CreateAuthProvider,
  CreatedAdministrator,
  DevelopmentViewer,
  NewAdministrator,
  WebRoute,
} from './provider.ts'
