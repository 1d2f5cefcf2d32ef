import { type DeploymentRule, rule } from './deployment.ts'

/** Who may do what. */
export const accessRules: readonly DeploymentRule[] = [
  rule(
    'access',
    'error',
    ({ config }) => config.access === 'everyone',
    () => ({
      fault: 'REFRACT_ACCESS is everyone: whoever reaches the API may read and change every row.',
      remedy: 'Leave REFRACT_ACCESS out, and write policies (docs/policies.md).',
    }),
  ),
  rule(
    'policies',
    'warning',
    ({ modelsWithoutPolicy }) => modelsWithoutPolicy.length > 0,
    ({ modelsWithoutPolicy: models, hasPolicies }) => ({
      fault: hasPolicies
        ? `No policy says who may use ${list(models)}: only administrators can.`
        : 'No model has a policy: the API answers administrators only.',
      remedy: `Write definePolicy('${models[0]}', { … }) in refract.config.ts; { } says that nobody else is meant to.`,
    }),
  ),
  rule(
    'open writes',
    'warning',
    ({ openWrites, config }) => openWrites.length > 0 && config.access !== 'everyone',
    ({ openWrites }) => ({
      fault: `Without signing in, everybody may ${list(openWrites)}.`,
      remedy: 'Ask in the policy who the viewer is: viewer => viewer.id !== null.',
    }),
  ),
  rule(
    'broken rules',
    'warning',
    ({ brokenRules }) => brokenRules.length > 0,
    ({ brokenRules }) => ({
      fault: `The rules for ${list(brokenRules)} throw for some viewers, who get an error instead of an answer.`,
      remedy: 'See refract policy matrix for whom, and let the rules say no: claims can be missing.',
    }),
  ),
  rule(
    'sign-in',
    'warning',
    ({ hasProvider, hasJwt, config }) => !hasProvider && !hasJwt && config.adminSecret === undefined,
    () => ({
      fault: 'Nobody can say who he is: there is no sign-in, no bearer token and no secret of an operator.',
      remedy:
        'Set auth in refract.config.ts (docs/authentication.md), or REFRACT_ADMIN_SECRET; refract create-admin --print-secret makes one.',
    }),
  ),
]

function list(items: readonly string[]): string {
  const shown = items.length > 6 ? [...items.slice(0, 5), `${items.length - 5} more`] : items
  const last = shown.at(-1) ?? ''
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last
}
