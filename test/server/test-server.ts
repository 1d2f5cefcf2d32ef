import { buildSchema, GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql'
import { onTestFinished } from 'vitest'
import { RefractError } from '../../src/errors.ts'
import { createLog } from '../../src/observe/log.ts'
import { type RunningServer, type ServerOptions, startServer } from '../../src/server/index.ts'

export interface TestServer extends RunningServer {
  /** Every line that was logged so far. */
  readonly lines: readonly string[]
  /** Resolves with the first line that matches, logged before or after the call. */
  line(pattern: RegExp): Promise<string>
  /** How often `Mutation.count` ran. */
  readonly counted: () => number
  /** Lets every running and coming `Query.wait` end. */
  readonly release: () => void
  /** Resolves when a `Query.wait` runs. */
  readonly waiting: Promise<void>
}

/** Starts a server on a free port; it is closed when the test ends. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const release = deferred()
  const waiting = deferred()
  let count = 0
  const schema = createTestSchema({
    'Mutation.count': () => ++count,
    'Query.wait': async () => {
      waiting.resolve()
      await release.promise
      return 'waited'
    },
  })
  const { lines, line, destination } = captureLines()
  const server = await startServer({
    schema,
    createContext: () => ({}),
    ping: async () => undefined,
    port: 0,
    host: '127.0.0.1',
    isProduction: false,
    access: 'everyone',
    lingerMilliseconds: 0,
    log: createLog({ isProduction: options.isProduction ?? false, destination }),
    ...options,
  })
  onTestFinished(async () => {
    release.resolve()
    await server.close()
  })
  return { ...server, lines, line, counted: () => count, release: release.resolve, waiting: waiting.promise }
}

type Resolvers = Readonly<Record<string, GraphQLFieldResolver<unknown, Readonly<Record<string, unknown>>>>>

/** A schema with a field for each way to succeed and to fail. */
export function createTestSchema(resolvers: Resolvers = {}): GraphQLSchema {
  const schema = buildSchema(`
    type Query {
      hello(name: String): String!
      requestId: String
      json(value: String): String
      wait: String
      node: Node
      nullableFault: String
      fault: String!
      notFound: String!
      unreachable: String!
      statementTimeout: String!
      prismaFault: String!
      graphqlError: String!
      wrongType: Int!
      sum(of: [Int!]!): Int!
    }
    type Node { name: String node: Node }
    type Mutation { count: Int }
  `)
  const all: Resolvers = { ...defaultResolvers, ...resolvers }
  for (const [name, resolve] of Object.entries(all)) {
    const [typeName = '', fieldName = ''] = name.split('.')
    const type = schema.getType(typeName)
    if (type && 'getFields' in type) {
      Object.assign(type.getFields()[fieldName] ?? {}, { resolve })
    }
  }
  return schema
}

const node = () => ({ name: 'node', node })

const defaultResolvers: Resolvers = {
  'Query.hello': (_source, { name }) => `Hello ${name ?? 'world'}`,
  'Query.requestId': (_source, _args, context) => context.givenRequestId,
  'Query.node': node,
  'Query.nullableFault': fail(() => new TypeError('cannot read /srv/app/secret.ts')),
  'Query.fault': fail(() => new TypeError('cannot read /srv/app/secret.ts')),
  'Query.notFound': fail(() => new RefractError('NOT_FOUND', 'There is no such row.', { model: 'Issue' })),
  'Query.unreachable': fail(() =>
    Object.assign(new Error("Can't reach database at db:5432"), { code: 'P1001' }),
  ),
  'Query.statementTimeout': fail(
    () => new Error('query failed', { cause: { originalCode: '57014', kind: 'postgres' } }),
  ),
  'Query.prismaFault': fail(() => new Error(prismaMessage)),
  'Query.graphqlError': fail(
    () => new GraphQLError('Only on weekdays.', { extensions: { code: 'CLOSED_TODAY' } }),
  ),
  'Query.wrongType': () => 'many',
  'Query.sum': (_source, { of }) => (of as number[]).reduce((sum, value) => sum + value, 0),
}

/** As Prisma writes it: a path, source lines and the call's arguments before the reason. */
const prismaMessage = `
Invalid \`prisma.user.findMany()\` invocation in
/srv/app/src/find.ts:12:34

   9 const secret = 'hunter2'
→ 12   prisma.user.findMany({ where: { password: 'hunter2' } })

Unknown argument \`password\`.`

function fail(createError: () => Error): () => never {
  return () => {
    throw createError()
  }
}

function deferred() {
  let resolve: () => void = () => undefined
  const promise = new Promise<void>(done => {
    resolve = done
  })
  return { promise, resolve }
}

/** A log destination that keeps what it was given. */
export function captureLines() {
  const lines: string[] = []
  const listeners = new Set<() => void>()
  return {
    lines,
    destination: {
      write(text: string) {
        lines.push(text.replace(/\n$/, ''))
        for (const listener of listeners) {
          listener()
        }
      },
    },
    line: (pattern: RegExp) =>
      new Promise<string>(resolve => {
        const look = () => {
          const found = lines.find(line => pattern.test(line))
          if (found !== undefined) {
            listeners.delete(look)
            resolve(found)
          }
        }
        listeners.add(look)
        look()
      }),
  }
}
