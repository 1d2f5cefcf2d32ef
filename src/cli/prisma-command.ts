import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { packageDirectory, prismaEnvironment, prismaScript } from '../project/index.ts'
import type { PrismaCall } from './passed-through.ts'

/**
 * Runs the official Prisma CLI in this terminal with our settings: the project's schema and migrations, its database
 * (DATABASE_URL or the embedded one) and our schema engine. Resolves with its exit code.
 */
export async function runPrismaCommand({ project, verbose, prismaArguments }: PrismaCall): Promise<number> {
  const directory = resolve(project)
  const config = join(packageDirectory, 'src', 'database', 'project.prisma.config.ts')
  const child = spawn(process.execPath, [prismaScript(), ...prismaArguments, '--config', config], {
    stdio: 'inherit',
    env: prismaEnvironment({
      REFRACT_PROJECT: directory,
      ...(verbose ? { REFRACT_DEBUG: '1' } : {}),
    }),
  })
  // Ctrl+C reaches the child as well; it decides when to go, and we go with it.
  const ignore = () => undefined
  const forward = () => child.kill('SIGTERM')
  process.on('SIGINT', ignore).on('SIGTERM', forward)
  try {
    return await new Promise((resolveCode, reject) => {
      child.on('error', reject)
      child.on('close', (code, signal) => resolveCode(code ?? (signal === 'SIGINT' ? 130 : 143)))
    })
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', forward)
  }
}
