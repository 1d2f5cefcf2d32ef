import { createPrismaConfig } from './src/database/prisma-config.ts'

/** `npx prisma …` in this folder: see createPrismaConfig. */
export default createPrismaConfig(import.meta.dirname)
