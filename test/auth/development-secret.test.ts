import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createSecret, readDevelopmentSecret } from '../../src/auth/index.ts'
import { createProjectFolder } from '../support/project-folder.ts'

describe('the secret of a development server', () => {
  it('is made once and for its user alone', () => {
    const folder = join(createProjectFolder({}), '.refract')
    const secret = readDevelopmentSecret(folder)
    expect(secret).toMatch(/^[\w-]{43}$/)
    expect(readDevelopmentSecret(folder)).toBe(secret)
    expect(statSync(join(folder, 'auth-secret')).mode & 0o777).toBe(0o600)
  })

  it('is another one each time', () => {
    expect(createSecret()).not.toBe(createSecret())
  })
})
