import { dirname, join } from 'node:path'
import { requireFromPackage } from './package-info.ts'

/** The file that stands for the user's generators in the prepared schema. */
export const generatorsFileName = 'refract-generators.prisma'

/**
 * Our generators: the typed client, and Pothos's types for it. Their outputs are relative to the prepared schema's
 * folder.
 */
export function createGeneratorBlocks(previewFeatures: readonly string[]): string {
  const features = previewFeatures.map(name => JSON.stringify(name)).join(', ')
  // The package exports neither its script nor its package.json: from lib/index.js to its folder.
  const pothosPackage = dirname(dirname(requireFromPackage.resolve('@pothos/plugin-prisma')))
  const pothosScript = join(pothosPackage, 'bin', 'generator.js')
  return `generator refract_client {
  provider            = "prisma-client"
  output              = "../client"
  previewFeatures     = [${features}]
  importFileExtension = "ts"
  moduleFormat        = "esm"
}

generator refract_pothos {
  provider     = ${createNodeProvider(pothosScript)}
  output       = "../pothos.ts"
  clientOutput = "./client/client.ts"
}
`
}

/** A provider is a command line for the shell, so paths with spaces and quotes have to be quoted for it. */
function createNodeProvider(script: string): string {
  return JSON.stringify(`${quoteForShell(process.execPath)} ${quoteForShell(script)}`)
}

function quoteForShell(path: string): string {
  if (process.platform === 'win32') return `"${path}"`
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
