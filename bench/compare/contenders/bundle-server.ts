import { join } from 'node:path'
import { build } from 'esbuild'
import { places } from '../places.ts'

/** Compiles a contender's TypeScript, as one would for production; what it imports of npm stays outside. */
export async function bundleServer(name: string): Promise<string> {
  const outfile = join(places.builds, `${name}.mjs`)
  await build({
    entryPoints: [join(places.compare, 'contenders', name, 'server.ts')],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  })
  return outfile
}
