import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * A random secret that is kept in the folder, for this user of the machine alone, so that a restart ends no session.
 * Made on the first call.
 */
export function readDevelopmentSecret(stateDirectory: string): string {
  const file = join(stateDirectory, 'auth-secret')
  if (!existsSync(file)) {
    mkdirSync(stateDirectory, { recursive: true })
    writeIfNew(file, createSecret())
  }
  return readFileSync(file, 'utf8').trim()
}

/** A new secret: 32 random bytes, as text for a variable. */
export function createSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** Another process that starts at the same moment may be faster; then its secret counts. */
function writeIfNew(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
}
