import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { packageDirectory, requireFromPackage } from './package-info.ts'

/** What a finished Prisma command printed; `output` is stdout and stderr in the order of arrival. */
export interface PrismaResult {
  readonly exitCode: number
  readonly output: string
}

/** The script of the official Prisma CLI, to be run by Node. */
export function prismaScript(): string {
  return requireFromPackage.resolve('prisma/build/index.js')
}

/**
 * The environment in which the Prisma CLI works without downloads: with our schema engine, no update check and no
 * telemetry. `variables` win over the process's own.
 */
export function prismaEnvironment(variables: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: join(packageDirectory, 'bin', 'schema-engine.js'),
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
    ...variables,
  }
}

/** Runs the Prisma CLI quietly, without colours, and resolves when it has ended, whatever its exit code. */
export function runPrisma(
  commandArguments: readonly string[],
  options: { readonly directory: string; readonly variables?: Readonly<Record<string, string>> },
): Promise<PrismaResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [prismaScript(), ...commandArguments], {
      cwd: options.directory,
      env: prismaEnvironment({ NO_COLOR: '1', FORCE_COLOR: '0', ...options.variables }),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', reject)
    child.on('close', code => {
      resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') })
    })
  })
}
