import { resolve } from 'node:path'
import { type Config, createConfig, readEnvironment } from '../config.ts'
import { openProject, type Project } from '../project/index.ts'
import type { CommonArguments } from './commands.ts'

/** The arguments of commands that serve. */
export interface ServeArguments extends CommonArguments {
  readonly port?: string
  readonly host?: string
}

/** A project and the settings to run it with. */
export interface Session {
  readonly project: Project
  readonly config: Config
}

/**
 * Opens the project of a command and checks the settings, from the command line, the environment and DIR/.env, before
 * anything is begun. Throws a StartError where either is wrong.
 */
export function openSession(commandArguments: ServeArguments): Session {
  applyEnvironmentFile(resolve(commandArguments.project))
  const flags = { port: commandArguments.port, host: commandArguments.host }
  const config = createConfig({ environment: process.env, flags })
  return { project: openProject(commandArguments.project), config }
}

/** Puts DIR/.env into this process's environment, for refract.config.ts and child processes to see as well. */
export function applyEnvironmentFile(directory: string): void {
  for (const [name, value] of Object.entries(readEnvironment(directory, process.env)))
    process.env[name] ??= value
}
