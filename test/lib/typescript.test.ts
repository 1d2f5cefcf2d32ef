import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'

const register = new URL('../../src/lib/typescript/register.js', import.meta.url).href
const module = new URL('../../src/lib/capitalize.ts', import.meta.url)

/** What a process prints in which Refract's TypeScript is understood. */
async function run(script: string): Promise<string> {
  const code = `const { registerTypeScript } = await import(${JSON.stringify(register)}); registerTypeScript(); ${script}`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code])
  return stdout.trim()
}

describe('TypeScript in a process of Refract', () => {
  test('is run as it is written, but for its types', async () => {
    const script = `console.log(String((await import(${JSON.stringify(module.href)})).capitalize))`
    const source = readFileSync(module, 'utf8')
    const printed = await run(script)
    expect(printed).toContain('function capitalize(')
    expect(printed.split('\n')).toHaveLength(
      source.slice(source.indexOf('function')).trim().split('\n').length,
    )
  })

  test('has the lines and columns of its files in a stack trace', async () => {
    const script = `
      const { capitalize } = await import(${JSON.stringify(module.href)})
      try { capitalize(null) } catch ({ stack }) { console.log(stack) }`
    const [, line, column] = /capitalize\.ts:(\d+):(\d+)/.exec(await run(script)) ?? []
    const text = readFileSync(module, 'utf8').split('\n')[Number(line) - 1] ?? ''
    expect(text.slice(Number(column) - 1)).toMatch(/^charAt/)
  })

  test('of others is left to tsx, which also knows what is more than types', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'refract-typescript-'))
    try {
      const file = join(directory, 'colour.mts')
      writeFileSync(file, 'export enum Colour { red }')
      const script = `console.log((await import(${JSON.stringify(pathToFileURL(file).href)})).Colour.red)`
      expect(await run(script)).toBe('0')
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
})
