import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder that Refract itself is installed in (not the user's project). */
export const packageDirectory = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Resolves modules as Refract's own code does, wherever the user's project is. */
export const requireFromPackage = createRequire(join(packageDirectory, 'package.json'))

/** Refract's version, from its package.json. */
export function readPackageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageDirectory, 'package.json'), 'utf8'))
  return isRecord(manifest) && typeof manifest.version === 'string' ? manifest.version : '0.0.0'
}

/** Narrows parsed JSON to an object whose values are still unknown. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
