import { readdirSync, statSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { StartError } from '../../errors.ts'

const graphqlEndings: ReadonlySet<string> = new Set(['.graphql', '.gql'])
const codeEndings: ReadonlySet<string> = new Set([
  ...['.ts', '.tsx', '.mts', '.cts'],
  ...['.js', '.jsx', '.mjs', '.cjs'],
])

/** Whether a file holds nothing but GraphQL. */
export function isGraphQLFile(file: string): boolean {
  return graphqlEndings.has(extname(file))
}

/**
 * The files of the front end among the files and folders given, sorted: GraphQL, TypeScript and JavaScript. Packages and
 * hidden folders are left out.
 *
 * @throws StartError for a file or folder that is not there
 */
export function findFiles(sources: readonly string[]): readonly string[] {
  return [...new Set(sources.flatMap(source => listFiles(resolve(source))))].sort()
}

function listFiles(path: string): readonly string[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) throw new StartError(`${path} is not there; expected a file or folder of the front end.`)
  if (!stat.isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true }).flatMap(entry => {
    if (entry.isDirectory()) {
      return entry.name === 'node_modules' || entry.name.startsWith('.')
        ? []
        : listFiles(join(path, entry.name))
    }
    const ending = extname(entry.name)
    return graphqlEndings.has(ending) || codeEndings.has(ending) ? [join(path, entry.name)] : []
  })
}
