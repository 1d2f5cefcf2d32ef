import type { Options, PositionalOptions } from 'yargs'

/** What every command gets. */
export interface CommonArguments {
  /** The project folder, as typed. */
  readonly project: string
  readonly verbose: boolean
}

/** A command of the command line; `run` resolves with the exit code, 0 when it resolves with nothing. */
export interface Command {
  /** As in yargs: the words and the positional arguments. */
  readonly usage: string
  readonly description: string
  readonly examples: readonly (readonly [command: string, meaning: string])[]
  readonly options?: Readonly<Record<string, Options>>
  readonly positionals?: Readonly<Record<string, PositionalOptions>>
  readonly commands?: readonly Command[]
  // biome-ignore lint/suspicious/noExplicitAny: each command names the arguments that its own options produce
  readonly run?: (commandArguments: any) => Promise<number | undefined>
}

const serveOptions = {
  port: {
    type: 'string',
    describe: 'The port, 0 for any free one (else PORT, else 4000)',
    requiresArg: true,
  },
  host: {
    type: 'string',
    describe: 'The address to listen on (else HOST, else 127.0.0.1)',
    requiresArg: true,
  },
} as const

const start: Command = {
  usage: 'start',
  description: 'Serve the API: generate, open the database, migrate, seed an empty one, listen',
  examples: [
    ['$0 start', 'On an embedded PostgreSQL, with GraphiQL at http://localhost:4000/graphql'],
    ['DATABASE_URL=postgresql://… $0 start --port 8080', 'On a PostgreSQL of yours'],
    ['NODE_ENV=production REFRACT_ACCESS=everyone $0 start --host 0.0.0.0', 'For everyone who reaches it'],
  ],
  options: serveOptions,
  run: async args => (await import('./start.ts')).runStart(args),
}

const dev: Command = {
  usage: 'dev',
  description: 'As start, and again at every change of the schema, the configuration or the code',
  examples: [
    ['$0 dev', 'A changed schema is migrated and shows in GraphiQL at once'],
    ['$0 dev --project shop --port 4100', 'Another project, on another port'],
  ],
  options: serveOptions,
  run: async args => (await import('./dev.ts')).runDev(args),
}

const pull: Command = {
  usage: 'pull',
  description: 'Write DIR/prisma/schema.prisma from the database at DATABASE_URL, ready to start',
  examples: [
    ['DATABASE_URL=postgresql://… $0 pull --project shop', 'Makes the folder shop, if there is none'],
    ['$0 pull --force', 'Once more, over the schema that is there'],
  ],
  options: {
    force: {
      type: 'boolean',
      default: false,
      describe: 'Overwrite a schema that has models (what was added by hand is kept where Prisma can)',
    },
  },
  run: async args => (await import('./pull.ts')).runPull(args),
}

const generate: Command = {
  usage: 'generate',
  description: "Write the typed client, the models' description (DIR/.refract) and DIR/schema.graphql",
  examples: [
    ['$0 generate', 'After a change of the schema; start does it by itself'],
    ['$0 generate --project shop', 'For another folder'],
  ],
  run: async args => (await import('./generate.ts')).runGenerate(args),
}

const seed: Command = {
  usage: 'seed',
  description: 'Fill the database with what the seed of refract.config.ts makes',
  examples: [
    ['$0 seed', 'An empty database; start does it by itself'],
    ['$0 seed --reset', 'Delete every row first'],
  ],
  options: {
    force: { type: 'boolean', default: false, describe: 'Also when there are rows already' },
    reset: { type: 'boolean', default: false, describe: 'Delete the rows of all tables first' },
  },
  run: async args => (await import('./seed.ts')).runSeed(args),
}

const createAdmin: Command = {
  usage: 'create-admin',
  description: "Make a user of the project's sign-in an administrator; asks for what is not said",
  examples: [
    ['$0 create-admin', 'Asks for everything'],
    ['$0 create-admin --email ann@example.com', 'Somebody who has signed up'],
    ['$0 create-admin --email … --name Ann --password-stdin < file', 'Without a terminal'],
    ['$0 create-admin --print-secret', 'A secret for REFRACT_ADMIN_SECRET or REFRACT_AUTH_SECRET'],
  ],
  options: {
    email: { type: 'string', describe: 'Of the user, who is made where there is none', requiresArg: true },
    name: { type: 'string', describe: 'Of a new user', requiresArg: true },
    'password-stdin': {
      type: 'boolean',
      default: false,
      describe: 'Read a password from standard input (others could see a flag)',
    },
    'print-secret': { type: 'boolean', default: false, describe: 'Only print a new random secret' },
  },
  run: async args => (await import('./create-admin.ts')).runCreateAdmin(args),
}

const schemaPrint: Command = {
  usage: 'print',
  description: 'Print the API in the GraphQL schema language',
  examples: [['$0 schema print > api.graphql', 'Needs no database']],
  run: async args => (await import('./schema-print.ts')).runSchemaPrint(args),
}

const schemaDiff: Command = {
  usage: 'diff <before> <after>',
  description: 'Compare two APIs; exit code 1 where clients of the first would break',
  examples: [
    ['$0 schema diff schema.graphql https://api.example.com/graphql', 'A file with a running API'],
    ['git show main:schema.graphql | $0 schema diff - schema.graphql', 'With what main has'],
  ],
  positionals: {
    before: { type: 'string', describe: 'A file, - for standard input, or the address of a running API' },
    after: { type: 'string', describe: 'The same' },
  },
  run: async args => (await import('./schema-diff.ts')).runSchemaDiff(args),
}

const schema: Command = {
  usage: 'schema',
  description: 'Print the API, or compare two: schema print, schema diff A B',
  examples: [...schemaPrint.examples, ...schemaDiff.examples],
  commands: [schemaPrint, schemaDiff],
}

const policyExplain: Command = {
  usage: 'explain <subject>',
  description: 'Say which rule of a policy hides a row or a field from a viewer',
  examples: [
    ['$0 policy explain --as ann@example.com Issue:018f…', 'One row: every rule, condition by condition'],
    ["$0 policy explain --as anonymous '{ issues { nodes { title } } }'", 'What a query leaves out, and why'],
  ],
  options: {
    as: {
      type: 'string',
      demandOption: true,
      requiresArg: true,
      describe: 'anonymous, administrator, a user of the sign-in, or a viewer as JSON',
    },
  },
  positionals: {
    subject: { type: 'string', describe: 'A query, a nodeId, or a model and its key: Issue:42' },
  },
  run: async args => (await import('./policy-explain.ts')).runPolicyExplain(args),
}

const policyMatrix: Command = {
  usage: 'matrix',
  description: 'Print what each role may do: models × operations, and fields with rules of their own',
  examples: [['$0 policy matrix', 'Needs no database']],
  run: async args => (await import('./policy-matrix.ts')).runPolicyMatrix(args),
}

const policy: Command = {
  usage: 'policy',
  description: 'Look at the policies: policy matrix, policy explain --as USER QUERY-OR-ROW',
  examples: [...policyMatrix.examples, ...policyExplain.examples],
  commands: [policyMatrix, policyExplain],
}

const explain: Command = {
  usage: 'explain <query>',
  description: 'Print the SQL of a query with what PostgreSQL does for it',
  examples: [
    ["$0 explain '{ issues(first: 5) { nodes { title } } }'", 'As an administrator'],
    [
      `$0 explain --as ann@example.com --variables '{"id": 1}' 'query ($id: Int!) { … }'`,
      'With the policies of a user in it',
    ],
  ],
  options: {
    as: {
      type: 'string',
      default: 'administrator',
      requiresArg: true,
      describe: 'anonymous, administrator, a user of the sign-in, or a viewer as JSON',
    },
    variables: { type: 'string', default: '{}', requiresArg: true, describe: 'The variables as JSON' },
  },
  positionals: {
    query: { type: 'string', describe: 'A query of GraphQL; it runs' },
  },
  run: async args => (await import('./explain.ts')).runExplain(args),
}

const changesStatus: Command = {
  usage: 'status',
  description: 'List the models whose changes the database records, and why others are not',
  examples: [['$0 changes status', 'Exit code 1 where the database does not record what the schema says']],
  run: async args => (await import('./changes/changes-commands.ts')).runChangesStatus(args),
}

const changesSql: Command = {
  usage: 'sql',
  description: 'Print the SQL that makes the database record what the schema says',
  examples: [['$0 changes sql | psql $DATABASE_URL', 'For databases that others migrate']],
  run: async args => (await import('./changes/changes-commands.ts')).runChangesSql(args),
}

const changes: Command = {
  usage: 'changes',
  description: 'Look at what the database records of its changes: changes status, changes sql',
  examples: [...changesStatus.examples, ...changesSql.examples],
  commands: [changesStatus, changesSql],
}

const persist: Command = {
  usage: 'persist <sources..>',
  description: "List the documents in a front end's code, for REFRACT_PERSISTED_DOCUMENTS",
  examples: [
    ['$0 persist ../web/src', 'Writes persisted-documents.json'],
    ['$0 persist --out web.json --schema api.graphql web/src', 'Where there is no project'],
  ],
  options: {
    out: {
      type: 'string',
      default: 'persisted-documents.json',
      describe: "The file to write, in the format of Apollo's manifests",
      requiresArg: true,
    },
    schema: {
      type: 'string',
      describe: 'The printed API to validate them (else DIR/schema.graphql)',
      requiresArg: true,
    },
    typename: {
      type: 'boolean',
      default: true,
      describe: 'Add __typename below the first level, as the caches of clients do',
    },
  },
  positionals: { sources: { type: 'string', array: true, describe: 'Files and folders' } },
  run: async args => (await import('./persist.ts')).runPersist(args),
}

const check: Command = {
  usage: 'check',
  description: 'Look whether everything is in step; says what mends what is not',
  examples: [
    ['$0 check', 'Exit code 1 when something is wrong: for CI'],
    ['$0 check --deploy', 'Also what is unsafe to deploy, with the setting that mends it'],
  ],
  options: {
    deploy: { type: 'boolean', default: false, describe: 'Look at the deployment, too, as in production' },
    'fail-level': {
      choices: ['error', 'warning'],
      default: 'error',
      describe: 'What of it ends with exit code 1',
    },
  },
  run: async args => (await import('./check.ts')).runCheck(args),
}

/*
 * The Prisma CLI's own commands never reach the parser with arguments (see passed-through.ts): these are for help and
 * completion.
 */
const migrate: Command = {
  usage: 'migrate [arguments..]',
  description: 'The Prisma CLI with our settings: migrate dev, deploy, status, reset, diff, resolve',
  examples: [
    ['$0 migrate dev --name add_due_date', 'Write a migration for the changed schema and apply it'],
    ['$0 migrate status --project shop', 'What is applied and what is not'],
    ['$0 migrate dev --help', "Prisma's own help"],
  ],
}

const db: Command = {
  usage: 'db [arguments..]',
  description: 'The Prisma CLI with our settings: db push, pull, execute, seed',
  examples: [['$0 db push', 'Bring the database in step with the schema, without a migration']],
}

const studio: Command = {
  usage: 'studio [arguments..]',
  description: "Prisma Studio: the database's rows in the browser",
  examples: [['$0 studio --browser none --port 5555', 'Open http://localhost:5555 yourself']],
}

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  start,
  dev,
  pull,
  generate,
  migrate,
  db,
  studio,
  seed,
  createAdmin,
  schema,
  policy,
  explain,
  changes,
  persist,
  check,
]
