// Plain JavaScript: Node runs module hooks in a thread of their own, where TypeScript is not understood.

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const sources = new URL('../../', import.meta.url).href

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  // named as it is on disk: nobody else need look for it
  if (isOwn(context.parentURL) && /^\.\.?\/.*\.ts$/.test(specifier))
    return { url: new URL(specifier, context.parentURL).href, format: 'module', shortCircuit: true }
  return await nextResolve(specifier, context)
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, nextLoad) {
  if (!isOwn(url) || !url.endsWith('.ts')) return await nextLoad(url, context)
  const source = await readFile(fileURLToPath(url), 'utf8')
  return { format: 'module', shortCircuit: true, source: await findStripped(source) }
}

/** @param {string | undefined} url */
function isOwn(url) {
  return url?.startsWith(sources) === true
}

const require = createRequire(import.meta.url)

const { version } = require('@swc/wasm-typescript/package.json')

/** Beside the packages, which whoever installed them could write. */
const cache = fileURLToPath(new URL('../../../node_modules/.cache/refract/', import.meta.url))

/**
 * The source with spaces in place of its types: lines and columns stay, so that a stack trace needs no source map. Kept on
 * disk by its content, since the one who does it takes longer to load than all that it has done before.
 *
 * @param {string} source
 */
async function findStripped(source) {
  const file = `${cache}${createHash('sha256').update(version).update(source).digest('hex')}.js`
  const known = await readFile(file, 'utf8').catch(unlessMissing)
  if (known !== undefined) return known
  // what Node itself has for it, since 22
  const { transformSync } = require('@swc/wasm-typescript')
  const { code } = transformSync(source, { mode: 'strip-only' })
  await keep(file, code).catch(unlessReadOnly)
  return code
}

/**
 * Another process may read it or write it at the same time.
 *
 * @param {string} file
 * @param {string} code
 */
async function keep(file, code) {
  await mkdir(cache, { recursive: true })
  const unfinished = `${file}.${randomUUID()}`
  await writeFile(unfinished, code)
  await rename(unfinished, file)
}

const unlessMissing = unless('ENOENT')

/** Then it is done again at the next start. */
const unlessReadOnly = unless('EACCES', 'EPERM', 'EROFS', 'ENOSPC')

/** @param {string[]} codes */
function unless(...codes) {
  return (/** @type {NodeJS.ErrnoException} */ error) => {
    if (!codes.includes(error.code ?? '')) throw error
    return undefined
  }
}
