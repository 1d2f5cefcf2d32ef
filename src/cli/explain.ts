import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql'
import type { Database } from '../database/index.ts'
import type { ReadStatement } from '../engine/index.ts'
import { StartError } from '../errors.ts'
import { generateProject, isRecord, loadProject } from '../project/index.ts'
import { asViewer } from './as-viewer.ts'
import type { CommonArguments } from './commands.ts'
import { createApi } from './create-api.ts'
import { openSession } from './session.ts'
import { print, style } from './terminal.ts'
import { withProject } from './with-project.ts'

export interface ExplainArguments extends CommonArguments {
  readonly as: string
  readonly query: string
  /** JSON. */
  readonly variables: string
}

/** `refract explain`: the SQL that a query is compiled to, and what PostgreSQL does for it; the query runs. */
export async function runExplain(commandArguments: ExplainArguments): Promise<number> {
  const { as, query } = commandArguments
  const variableValues = readVariables(commandArguments.variables)
  const session = openSession(commandArguments)
  await generateProject(session.project)
  const loaded = await loadProject(session.project)
  await withProject(session, loaded, async ({ database, client, reads, provider }) => {
    const engine = await createApi(loaded, client, { reads })
    const viewer = await asViewer(as, provider)
    const schema = engine.schemaFor(viewer)
    const document = readQuery(query, schema)
    const contextValue = engine.createContext({ viewer })
    const statements = await engine.readStatements({ schema, document, variableValues, contextValue })
    if (statements === null) print(notCompiled)
    else if (statements.length === 0) print('Nothing of it is in the database.')
    else for (const statement of statements) await printStatement(database, statement)
  })
  return 0
}

const notCompiled =
  'This query is not compiled: the resolvers answer it, with several statements. It has a field of the project’s own, a value ' +
  'that only JavaScript prints, or input that is refused, or it is no query. docs/reads.md says which.'

async function printStatement(
  database: Database,
  { responseName, sql, values }: ReadStatement,
): Promise<void> {
  print(style('bold', responseName), sql, '')
  values.forEach((value, index) => {
    print(style('dim', `  $${index + 1} = ${JSON.stringify(value)}`))
  })
  const plan = await database.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${sql}`, values)
  print('', ...plan.map(row => `  ${row['QUERY PLAN']}`), '')
}

/** Throws a StartError with what GraphQL has against the query. */
function readQuery(text: string, schema: GraphQLSchema): DocumentNode {
  const document = parseQuery(text)
  const faults = validate(schema, document)
  if (faults.length > 0) throw new StartError(faults.map(({ message }) => message).join('\n'))
  return document
}

function parseQuery(text: string): DocumentNode {
  try {
    return parse(text)
  } catch (error) {
    throw error instanceof GraphQLError ? new StartError(error.message, { cause: error }) : error
  }
}

function readVariables(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isRecord(value)) return value
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw new StartError(`--variables ${text} is no JSON object. Expected something like {"id": 1}.`)
}
