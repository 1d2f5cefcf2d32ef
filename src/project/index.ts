export type { GenerateResult } from './generate-project.ts'
export {
  createStateDirectory,
  generateProject,
  isGenerated,
  readPreparedFiles,
  writePreparedSchema,
} from './generate-project.ts'
export type { GeneratedClient, LoadedProject, PrismaClientClass } from './load-project.ts'
export { loadConfigFile, loadProject } from './load-project.ts'
export { isRecord, packageDirectory, readPackageVersion } from './package-info.ts'
export type { PreparedSchema, SchemaFile } from './prepare-schema.ts'
export { prepareSchema } from './prepare-schema.ts'
export type { Project } from './project.ts'
export { locateProject, openProject, planProject, readSchemaFiles } from './project.ts'
export { readDescription } from './read-description.ts'
export { prismaEnvironment, prismaScript, runPrisma } from './run-prisma.ts'
export type { SchemaBlock } from './schema-text.ts'
export { findBlocks } from './schema-text.ts'
