import { existsSync, readFileSync } from 'node:fs'
import { extname, join, resolve, sep } from 'node:path'
import { watch } from 'chokidar'
import type { Project } from '../../project/index.ts'

/** Ends a watch. */
export interface ProjectWatch {
  close(): Promise<void>
}

const settleMilliseconds = 150 // editors and git write several files at once
const usualFolders = ['src', 'policies', 'extensions']
const watchedExtensions = new Set([
  '.prisma',
  '.ts',
  '.mts',
  '.cts',
  '.js',
  '.mjs',
  '.cjs',
  '.json',
  '.graphql',
])
const ignoredFolders = new Set(['node_modules', 'migrations', 'dist', 'coverage', 'test', 'tests'])

/**
 * Calls `onChange` with the files that changed, once things have settled: the schema, refract.config.ts, and the
 * folders with code (src/, policies/, extensions/, and those that refract.config.ts imports from).
 */
export async function watchProject(
  project: Project,
  onChange: (files: readonly string[]) => void,
): Promise<ProjectWatch> {
  const changed = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(findWatchedPaths(project), {
    ignoreInitial: true,
    ignored: (path, stats) => isIgnored(project, path, stats?.isFile() ?? false),
  })
  watcher.on('all', (_event, path) => {
    if (!isWatchedFile(path)) return
    changed.add(path)
    clearTimeout(timer)
    timer = setTimeout(() => {
      const files = [...changed]
      changed.clear()
      onChange(files)
    }, settleMilliseconds)
  })
  await new Promise<void>(ready => watcher.once('ready', () => ready()))
  return {
    close: async () => {
      clearTimeout(timer)
      await watcher.close()
    },
  }
}

function findWatchedPaths(project: Project): string[] {
  const inProject = (name: string) => join(project.directory, name)
  const configFiles = ['refract.config.ts', 'refract.config.mts', 'refract.config.js', 'refract.config.mjs']
  const folders = [...usualFolders, ...readImportedFolders(project)]
    .map(inProject)
    .filter(path => existsSync(path))
  return [project.schemaPath, ...configFiles.map(inProject), ...new Set(folders)]
}

/** The first folder of every relative import: `./api/fields.ts` makes api/ one to watch. */
function readImportedFolders(project: Project): readonly string[] {
  if (!project.configFile) return []
  const text = readFileSync(project.configFile, 'utf8')
  const imports = text.matchAll(/(?:from|import)\s*\(?\s*['"]\.\/([^'"]+)['"]/g)
  return [...imports].map(([, path]) => path?.split('/')[0] ?? '').filter(Boolean)
}

function isIgnored(project: Project, path: string, isFile: boolean): boolean {
  const inside = resolve(path).slice(project.directory.length).split(sep)
  if (inside.some(name => ignoredFolders.has(name) || name === '.refract' || name === '.git')) return true
  return isFile && !isWatchedFile(path)
}

function isWatchedFile(path: string): boolean {
  return watchedExtensions.has(extname(path))
}
