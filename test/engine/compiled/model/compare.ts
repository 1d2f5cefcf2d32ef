import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { countStatements } from '../../../../src/database/index.ts'
import type { Viewer } from '../../../../src/engine/index.ts'
import { JsonText } from '../../../../src/lib/json-text.ts'
import type { TestEngine } from '../../../support/engine.ts'
import type { Operation } from './asking.ts'

/** The answers of both ways to one operation. */
export interface Comparison {
  /** What differs; null where nothing does. */
  readonly difference: string | null
  /** Why compiled reads gave no answer; null where they gave one. */
  readonly ordinary: string | null
  readonly hasErrors: boolean
  /** The statements of the compiled answer. */
  readonly statements: readonly string[]
}

/** An API whose reasons for the ordinary way are heard. */
export interface Compared {
  readonly api: TestEngine
  /** Why the last operations were not compiled; to be emptied by who reads them. */
  readonly reasons: unknown[]
}

const notCompiled: ExecutionResult = {}

/** Asks both ways, and compares the answers to the byte. */
export async function compare(
  { api: { engine }, reasons }: Compared,
  schema: GraphQLSchema,
  viewer: Viewer,
  { source, variables, operationName }: Operation,
): Promise<Comparison> {
  const document = parse(source)
  const args = () => ({
    schema,
    document,
    variableValues: structuredClone(variables),
    operationName,
    contextValue: engine.createContext({ viewer }),
  })
  reasons.length = 0
  const { result, queries } = await countStatements(() => engine.execute(args(), () => notCompiled))
  const compiled = result === notCompiled ? null : result
  const resolved = await execute(args())
  const hasErrors = resolved.errors !== undefined
  const statements = queries.map(({ sql }) => sql)
  if (!compiled) {
    const ordinary = nameOf(reasons[0])
    const isMishap = !hasErrors && isFault(reasons[0])
    return { difference: isMishap ? `Failed: ${ordinary}` : null, ordinary, hasErrors, statements }
  }
  const [one, other] = [textOf(compiled), textOf(resolved)]
  const expected = readFields(schema, document, Object.keys(resolved.data ?? {}))
  const isMore = statements.length !== expected && !JSON.stringify([source, variables]).includes('search')
  const difference =
    one !== other
      ? `compiled: ${one}\nordinary: ${other}`
      : isMore
        ? `${statements.length} statements for ${expected} fields`
        : null
  return { difference, ordinary: null, hasErrors, statements }
}

/** How many of an answer's fields have to be read: not who asks, and no names of types. */
function readFields(schema: GraphQLSchema, document: DocumentNode, names: readonly string[]): number {
  const info = new TypeInfo(schema)
  const fields = new Map<string, string>()
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name, alias }) => {
        if (info.getParentType() === schema.getQueryType()) fields.set((alias ?? name).value, name.value)
      },
    }),
  )
  return names.filter(name => !['viewer', '__typename'].includes(fields.get(name) ?? '')).length
}

/** Byte by byte as a client gets it; of an answer that is text already that text. */
function textOf({ data, errors }: ExecutionResult): string {
  const text = data instanceof JsonText ? data.text : JSON.stringify(data)
  return errors ? `${text} ${JSON.stringify(errors)}` : text
}

/** Neither what is known not to be compiled, nor what is wrong with the input, nor a value that only JavaScript prints. */
function isFault(reason: unknown): boolean {
  if (reason === undefined) return false
  if (sqlStateOf(reason) === unprintable) return false
  return !['NotCompilable', 'RefractError', 'GraphQLError'].includes(classOf(reason))
}

/** PostgreSQL meets a value that the answer cannot hold as text. */
const unprintable = '42704'

function nameOf(reason: unknown): string {
  if (reason === undefined) return 'not generated'
  const state = sqlStateOf(reason)
  if (state === unprintable) return 'unprintable value'
  const message = reason instanceof Error ? reason.message : String(reason)
  return `${classOf(reason)}${state ? ` ${state}` : ''}: ${message}`
}

function classOf(reason: unknown): string {
  return reason instanceof Error ? reason.constructor.name : typeof reason
}

function sqlStateOf(reason: unknown): string | null {
  if (!(reason instanceof Error) || !('code' in reason) || typeof reason.code !== 'string') return null
  return /^[0-9A-Z]{5}$/.test(reason.code) ? reason.code : null
}
