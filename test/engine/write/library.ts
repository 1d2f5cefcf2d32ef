import { readFile } from 'node:fs/promises'
import type { EngineConfig, Viewer } from '../../../src/engine/index.ts'
import {
  type Answer,
  createTestEngine,
  fixture,
  type TestEngine,
  type TestEngineOptions,
} from '../../support/engine.ts'

/** The library of test/fixtures over a fresh database with its rules. */
export interface Library extends TestEngine {
  /** Runs one mutation field and returns its payload. Throws where the answer has GraphQL errors. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what its own query asked for
  mutate(field: string, variables?: Variables, viewer?: Viewer): Promise<any>
  /** The same, with the SQL statements that it took. */
  measure(
    field: string,
    variables?: Variables,
    viewer?: Viewer,
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what its own query asked for
  ): Promise<{ payload: any; statements: readonly string[] }>
  /** Empties every table. */
  clear(): Promise<void>
  /** How many rows there are in all tables together. */
  countRows(): Promise<number>
}

/** Values by variable name and type: `{ 'id: UUID!': … }`. */
export type Variables = Readonly<Record<string, unknown>>

/** The selection of everything that the error types have. */
export const errors =
  'errors { __typename code message path ... on UniqueError { fields } ... on CheckError { constraint } ... on LimitError { limit actual } }'

const tables =
  '"Like", "Reply", "Review", "books", "_BookToSubject", "Subject", "Shelf", "Badge", "Profile", "authors", "Task", "Member", "Org", "Seat", "Ticket"'

export async function createLibrary(
  kind?: 'embedded' | 'server',
  config?: EngineConfig,
  options: Pick<TestEngineOptions, 'follows' | 'reads' | 'onOrdinary'> = {},
): Promise<Library> {
  const project = fixture('library')
  const engine = await createTestEngine({
    project,
    ...(kind ? { kind } : {}),
    ...(config ? { config } : {}),
    ...options,
  })
  await engine.sql(await readFile(`${project}/rules.sql`, 'utf8'))
  const measure: Library['measure'] = async (field, variables = {}, viewer) => {
    const answer = await engine.query(operation(field, variables), valuesOf(variables), viewer)
    assertData(answer)
    return { payload: answer.data.result, statements: answer.statements }
  }
  return {
    ...engine,
    measure,
    mutate: async (field, variables, viewer) => (await measure(field, variables, viewer)).payload,
    clear: async () => void (await engine.sql(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`)),
    countRows: async () => {
      const counts = tables.split(', ').map(table => `(SELECT count(*) FROM ${table})`)
      const [row] = await engine.sql<{ count: string }>(`SELECT ${counts.join(' + ')} AS count`)
      return Number(row?.count)
    },
  }
}

function operation(field: string, variables: Variables): string {
  const declared = Object.keys(variables).map(name => `$${name}`)
  return `mutation${declared.length > 0 ? `(${declared.join(', ')})` : ''} { result: ${field} }`
}

function valuesOf(variables: Variables): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name.split(':')[0] ?? name, value]),
  )
}

function assertData({ errors: found }: Answer): void {
  if (found)
    throw new Error(found.map(error => `${error.message} ${error.originalError?.stack ?? ''}`).join('\n'))
}
