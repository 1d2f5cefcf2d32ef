import yargs, { type Argv } from 'yargs'
import { StartError } from '../errors.ts'
import { findSimilar } from '../lib/find-similar.ts'
import { readPackageVersion } from '../project/package-info.ts'
import { type Command, commands } from './commands.ts'
import { readPrismaCall } from './passed-through.ts'

type SetExitCode = (code: number) => void

/** Reads the command line and runs the command; resolves with the exit code when it is done. */
export async function runCommandLine(commandArguments: readonly string[]): Promise<number> {
  const prismaCall = readPrismaCall(commandArguments)
  if (prismaCall) return (await import('./prisma-command.ts')).runPrismaCommand(prismaCall)
  let exitCode = 0
  const parser = createParser(commandArguments, code => {
    exitCode = code
  })
  await parser.parseAsync([...commandArguments])
  return exitCode
}

function createParser(words: readonly string[], setExitCode: SetExitCode): Argv {
  const parser: Argv = yargs()
    .scriptName('refract')
    .usage('$0 <command>\n\nTurns a Prisma schema into a GraphQL API on PostgreSQL.')
    .option('project', {
      type: 'string',
      default: '.',
      defaultDescription: 'here',
      describe: 'The folder with prisma/schema.prisma',
      requiresArg: true,
    })
    .option('verbose', { type: 'boolean', default: false, describe: 'Show where an error comes from' })
    .example('$0 start', 'Serve the schema in ./prisma, on an embedded PostgreSQL')
    .example('DATABASE_URL=postgresql://… $0 pull --project shop', 'A project from an existing database')
    .epilogue(
      'Settings: PORT, HOST, DATABASE_URL, NODE_ENV, LOG_LEVEL, REFRACT_ACCESS …: docs/configuration.md',
    )
    .completion('completion', 'Print a script for shell completion: refract completion >> ~/.bashrc')
  for (const command of commands) addCommand(parser, command, setExitCode)
  return parser
    .demandCommand(1, 'Which command?')
    .recommendCommands()
    .strict()
    .version(readPackageVersion())
    .alias({ h: 'help', v: 'version' })
    .group(['project', 'verbose', 'help', 'version'], 'Everywhere:')
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .fail((message, error) => {
      // yargs's own errors are about what was typed; all others come from the command.
      if (error && error.name !== 'YError') throw error
      throw new StartError(`${explainFailure(message ?? error.message, words)} See refract --help.`)
    })
}

/** yargs's message as a sentence, with a guess at what an unknown option was meant to be. */
function explainFailure(message: string, words: readonly string[]): string {
  const guess = /^Did you mean (\S+)\?$/.exec(message)?.[1]
  if (guess !== undefined) {
    const typed = words.find(word => findSimilar(word, [guess]) !== undefined) ?? words[0]
    return `There is no command ${typed}. Did you mean ${guess}?`
  }
  const sentence = message.replace(/\s*\n\s*/g, ' ').replace(/([^.?!])$/, '$1.')
  const unknown = /^Unknown arguments?: (\S+?)(?:,|$)/.exec(message)?.[1]
  const options = [
    'project',
    'verbose',
    'help',
    'version',
    ...commands.flatMap(({ options }) => Object.keys(options ?? {})),
  ]
  const similar = unknown === undefined ? undefined : findSimilar(unknown, options)
  return similar ? `${sentence} Did you mean --${similar}?` : sentence
}

function addCommand(parser: Argv, command: Command, setExitCode: SetExitCode): void {
  const configure = (own: Argv): Argv => {
    for (const [name, option] of Object.entries(command.options ?? {})) own.option(name, option)
    for (const [name, positional] of Object.entries(command.positionals ?? {}))
      own.positional(name, positional)
    for (const child of command.commands ?? []) addCommand(own, child, setExitCode)
    for (const [example, meaning] of command.examples) own.example(example, meaning)
    return command.commands ? own.demandCommand(1, `Which of ${listNames(command.commands)}?`) : own
  }
  parser.command(command.usage, command.description, configure, async parsed => {
    setExitCode((await command.run?.(parsed)) ?? 0)
  })
}

function listNames(list: readonly Command[]): string {
  return list.map(({ usage }) => usage.split(' ')[0]).join(', ')
}
