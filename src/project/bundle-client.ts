import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { requireFromPackage } from './package-info.ts'

/**
 * Writes client.mjs and pothos.mjs beside the generated TypeScript: plain JavaScript that Node loads fast (the types of
 * 150 models are megabytes) and from any folder, because what they import is named by its full address. The runtime
 * stays outside of the bundle, so that its error classes are the ones that Refract compares with.
 */
export async function bundleClient(generatedDirectory: string): Promise<void> {
  const { build } = await import('esbuild')
  await build({
    entryPoints: {
      client: join(generatedDirectory, 'client', 'client.ts'),
      pothos: join(generatedDirectory, 'pothos.ts'),
    },
    outdir: generatedDirectory,
    // esbuild's own process would take the directory that was the current one when it began
    absWorkingDir: generatedDirectory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    logLevel: 'silent',
    plugins: [
      {
        name: 'address-packages',
        setup(bundler) {
          bundler.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
            if (kind === 'entry-point' || path.startsWith('node:')) return undefined
            return { path: pathToFileURL(requireFromPackage.resolve(path)).href, external: true }
          })
        },
      },
    ],
  })
}
