import { type Claim, createViewer, type Viewer } from '../engine/index.ts'
import type { ClaimPath, JwtOptions } from './jwt-options.ts'

/** Says why a token that is genuine makes no viewer. */
export class ClaimFault extends Error {}

/**
 * The viewer that a token's claims make.
 *
 * @throws ClaimFault where the id is missing, or a claim is what a policy must not get: a filter takes an object for a
 *   condition of its own
 */
export function createJwtViewer(
  payload: Readonly<Record<string, unknown>>,
  { claims: names = {}, administratorRole }: Pick<JwtOptions, 'claims' | 'administratorRole'>,
): Viewer {
  const { id = 'sub', roles: rolesPath = 'roles', extra = {} } = names
  const roles = readRoles(readClaim(payload, rolesPath), rolesPath)
  const claims = Object.entries(extra).map(([name, path]) => [name, toClaim(readClaim(payload, path), path)])
  return createViewer({
    id: readId(readClaim(payload, id), id),
    roles,
    isAdministrator: administratorRole !== undefined && roles.includes(administratorRole),
    claims: Object.fromEntries(claims),
  })
}

function readClaim(payload: Readonly<Record<string, unknown>>, path: ClaimPath): unknown {
  const names = typeof path === 'string' ? [path] : path
  return names.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? (value as Readonly<Record<string, unknown>>)[name]
        : undefined,
    payload,
  )
}

function readId(value: unknown, path: ClaimPath): string {
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  throw new ClaimFault(`the claim ${nameOf(path)} to be the id of a user: a text that is not empty`)
}

function readRoles(value: unknown, path: ClaimPath): readonly string[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'string') return [value]
  if (Array.isArray(value) && value.every(role => typeof role === 'string')) return value
  throw new ClaimFault(`the claim ${nameOf(path)} to be a role, or a list of roles`)
}

function toClaim(value: unknown, path: ClaimPath): Claim {
  if (value === undefined || value === null) return null
  if (isScalar(value)) return value
  if (Array.isArray(value) && value.every(isScalar)) return value
  throw new ClaimFault(`the claim ${nameOf(path)} to be a text, a number, true or false, or a list of these`)
}

function isScalar(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value)
}

function nameOf(path: ClaimPath): string {
  return typeof path === 'string' ? path : path.join(' → ')
}
