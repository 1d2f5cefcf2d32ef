import { register } from 'node:module'
import { pathToFileURL } from 'node:url'
import { packageDirectory } from './package-info.ts'

const hookedDirectories = new Set<string>()

/**
 * Makes `import … from 'refract'` (and graphql, Pothos, Prisma's client) in a project's own files mean the ones that
 * Refract itself runs on: a project folder needs no node_modules, and there is only one copy of each, without which
 * GraphQL refuses types "from another realm".
 */
export function useModuleHooks(projectDirectory: string): void {
  if (hookedDirectories.has(projectDirectory)) return
  hookedDirectories.add(projectDirectory)
  register('./module-hooks-worker.js', import.meta.url, {
    data: {
      projectUrl: `${pathToFileURL(projectDirectory).href}/`,
      packageUrl: `${pathToFileURL(packageDirectory).href}/package.json`,
    },
  })
}
