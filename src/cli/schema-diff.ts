import { existsSync, readFileSync } from 'node:fs'
import { text as readStream } from 'node:stream/consumers'
import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core'
import {
  buildClientSchema,
  buildSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from 'graphql'
import { StartError } from '../errors.ts'
import { isRecord } from '../project/package-info.ts'
import type { CommonArguments } from './commands.ts'
import { count, print, style } from './terminal.ts'

export interface SchemaDiffArguments extends CommonArguments {
  readonly before: string
  readonly after: string
}

const introspectionTimeoutMilliseconds = 10_000 // 10 seconds

/** `refract schema diff A B`: prints what changed, the worst first; 1 when something breaks clients of A. */
export async function runSchemaDiff(commandArguments: SchemaDiffArguments): Promise<number> {
  // yargs hands a lone dash on as an empty text.
  const before = commandArguments.before || '-'
  const after = commandArguments.after || '-'
  if (before === '-' && after === '-') {
    throw new StartError(
      'Only one of the two schemas can come from standard input: name a file for the other one.',
    )
  }
  const changes = await diff(await readSchema(before), await readSchema(after))
  const breaking = select(changes, CriticalityLevel.Breaking)
  const dangerous = select(changes, CriticalityLevel.Dangerous)
  const safe = select(changes, CriticalityLevel.NonBreaking)
  for (const change of breaking) print(`${style('red', '✗ breaking ')}  ${describe(change)}`)
  for (const change of dangerous) print(`${style('yellow', '! dangerous')}  ${describe(change)}`)
  for (const change of safe) print(`${style('green', '✓ safe     ')}  ${describe(change)}`)
  print(
    changes.length === 0
      ? 'No difference.'
      : `${count(breaking.length, 'breaking change')}, ${dangerous.length} dangerous, ${safe.length} safe.`,
  )
  return breaking.length > 0 ? 1 : 0
}

function select(changes: readonly Change[], level: CriticalityLevel): readonly Change[] {
  return changes.filter(({ criticality }) => criticality.level === level)
}

function describe({ message, criticality }: Change): string {
  return criticality.reason && criticality.level !== CriticalityLevel.NonBreaking
    ? `${message} (${criticality.reason.replace(/\s+/g, ' ').replace(/\.$/, '')})`
    : message
}

async function readSchema(source: string): Promise<GraphQLSchema> {
  if (/^https?:\/\//.test(source)) return await introspect(source)
  const text = source === '-' ? await readStream(process.stdin) : readFile(source)
  const name = source === '-' ? 'Standard input' : source
  try {
    return buildSchema(text)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new StartError(
      `${name} is not a schema in the GraphQL schema language: ${reason.replace(/\s+/g, ' ')}`,
      {
        cause: error,
      },
    )
  }
}

function readFile(path: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8')
  throw new StartError(
    `There is no file ${path}. schema diff expects two of: a file such as schema.graphql, - for standard input, the ` +
      'address of a running API such as http://localhost:4000/graphql.',
  )
}

async function introspect(url: string): Promise<GraphQLSchema> {
  const fail = (reason: string, cause?: unknown) =>
    new StartError(
      `${url} did not answer GraphQL's introspection: ${reason}. Expected the address of a running API.`,
      {
        cause,
      },
    )
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }) }),
    signal: AbortSignal.timeout(introspectionTimeoutMilliseconds),
  }).catch((error: unknown) => {
    throw fail(
      error instanceof Error ? (error.cause instanceof Error ? error.cause : error).message : 'no answer',
      error,
    )
  })
  const answer: unknown = await response.json().catch((error: unknown) => {
    throw fail(`it answered with status ${response.status} and no JSON`, error)
  })
  if (!isRecord(answer) || !isRecord(answer.data))
    throw fail(`it answered with status ${response.status} and no data`)
  return buildClientSchema(answer.data as unknown as IntrospectionQuery)
}
