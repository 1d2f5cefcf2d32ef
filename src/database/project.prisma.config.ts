import { createPrismaConfig } from './prisma-config.ts'

/** For `refract migrate …` and its like: the project is the folder that REFRACT_PROJECT names. */
export default createPrismaConfig(process.env.REFRACT_PROJECT ?? process.cwd())
