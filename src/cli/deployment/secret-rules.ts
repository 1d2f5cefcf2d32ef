import type { Config } from '../../config.ts'
import { type DeploymentRule, rule } from './deployment.ts'

/** As many different characters has every secret that was made by chance. */
const fewestCharacters = 10

const printSecret = 'refract create-admin --print-secret makes one'

/** What only the deployment knows. */
export const secretRules: readonly DeploymentRule[] = [
  rule(
    'REFRACT_AUTH_SECRET',
    'error',
    ({ config, hasProvider }) => hasProvider && config.authSecret === undefined,
    () => ({
      fault: 'There is no secret to sign the cookies of the sign-in with, and the server will not start.',
      remedy: `Set REFRACT_AUTH_SECRET; ${printSecret}.`,
    }),
  ),
  rule(
    'secrets',
    'error',
    ({ config }) => weakSecrets(config).length > 0,
    ({ config }) => ({
      fault: `${weakSecrets(config).join(' and ')} can be guessed: fewer than ${fewestCharacters} different characters.`,
      remedy: `Set a secret made by chance; ${printSecret}.`,
    }),
  ),
  rule(
    'one secret for two',
    'error',
    ({ config }) => config.adminSecret !== undefined && config.adminSecret === config.authSecret,
    () => ({
      fault:
        'REFRACT_ADMIN_SECRET and REFRACT_AUTH_SECRET are the same: whoever learns the one has the other.',
      remedy: `Set another one for either; ${printSecret}.`,
    }),
  ),
]

function weakSecrets({ authSecret, adminSecret }: Config): readonly string[] {
  const secrets = { REFRACT_AUTH_SECRET: authSecret, REFRACT_ADMIN_SECRET: adminSecret }
  return Object.entries(secrets).flatMap(([name, secret]) =>
    secret !== undefined && new Set(secret).size < fewestCharacters ? [name] : [],
  )
}
