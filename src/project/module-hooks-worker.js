// Plain JavaScript: Node runs module hooks in a thread of their own, where TypeScript is not understood.

/** @type {{ projectUrl: string, packageUrl: string }[]} */
const projects = []

const sharedPackages = /^(refract|graphql|dataloader|@pothos\/[^/]+|@prisma\/client)(\/|$)/

/** @type {import('node:module').InitializeHook<{ projectUrl: string, packageUrl: string }>} */
export async function initialize(project) {
  projects.push(project)
}

/** @type {import('node:module').ResolveHook} */
export async function resolve(specifier, context, nextResolve) {
  const parent = context.parentURL
  if (parent && sharedPackages.test(specifier) && !parent.includes('/node_modules/')) {
    const project = projects.find(({ projectUrl }) => parent.startsWith(projectUrl))
    if (project) return await nextResolve(specifier, { ...context, parentURL: project.packageUrl })
  }
  return await nextResolve(specifier, context)
}
