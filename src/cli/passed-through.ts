import type { CommonArguments } from './commands.ts'

/** A call of the Prisma CLI, and which project it is for. */
export interface PrismaCall extends CommonArguments {
  readonly prismaArguments: readonly string[]
}

const passedThrough = new Set(['migrate', 'db', 'studio', 'validate', 'format'])
const helpFlags = new Set(['--help', '-h'])

/**
 * Finds out whether the Prisma CLI is meant, and takes our own options out of its arguments: everything else is passed
 * on untouched. Undefined for our own commands, and for the bare `refract migrate --help`, which has a help of ours.
 */
export function readPrismaCall(commandArguments: readonly string[]): PrismaCall | undefined {
  const prismaArguments: string[] = []
  let project = '.'
  let verbose = false
  for (let index = 0; index < commandArguments.length; index += 1) {
    const argument = commandArguments[index] ?? ''
    if (argument === '--project') {
      project = commandArguments[index + 1] ?? '.'
      index += 1
    } else if (argument.startsWith('--project=')) project = argument.slice('--project='.length)
    else if (argument === '--verbose') verbose = true
    else prismaArguments.push(argument)
  }
  const [command, ...rest] = prismaArguments
  if (!command || !passedThrough.has(command)) return undefined
  const isOurHelp = rest.length > 0 && rest.every(argument => helpFlags.has(argument))
  return isOurHelp ? undefined : { project, verbose, prismaArguments }
}
