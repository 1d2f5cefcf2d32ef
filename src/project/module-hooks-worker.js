// Plain JavaScript: Node runs module hooks in a thread of their own, where TypeScript is not understood.

/** @typedef {{ projectUrl: string, packageUrl: string }} HookedProject */

/** @type {HookedProject[]} */
const projects = []

const sharedPackages = /^(refract|graphql|dataloader|@pothos\/[^/]+|@prisma\/client)(\/|$)/

/** @type {import('node:module').InitializeHook<HookedProject>} */
export async function initialize(project) {
  projects.push(project)
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  const project = findProject(context.parentURL)
  if (project && sharedPackages.test(specifier))
    return await nextResolve(specifier, { ...context, parentURL: project.packageUrl })
  const resolved = await nextResolve(specifier, context)
  // Without "type": "module" in a package.json, TypeScript would be taken for CommonJS, which cannot import ours.
  if (findProject(resolved.url) && /\.tsx?(\?|$)/.test(resolved.url)) return { ...resolved, format: 'module' }
  return resolved
}

/** @param {string | undefined} url */
function findProject(url) {
  if (!url || url.includes('/node_modules/')) return undefined
  return projects.find(({ projectUrl }) => url.startsWith(projectUrl))
}
