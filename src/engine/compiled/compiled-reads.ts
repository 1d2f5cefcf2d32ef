import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getVariableValues,
  locatedError,
} from 'graphql'
import { JsonText } from '../../lib/json-text.ts'
import type { Datamodel } from '../datamodel/model.ts'
import type { Scope } from '../operations/scope.ts'
import { type CollectingContext, createSqlContext } from '../operations/sql/sql-context.ts'
import { bindArguments } from './bind-arguments.ts'
import { type BoundArguments, NotCompilable, type ReadRequest } from './emission.ts'
import { createKnownOperations } from './known-operations.ts'
import type { ReadPlan, SelectedField, Selection } from './plan/plan.ts'
import { createReadTemplate, type ReadTemplate } from './read-template.ts'
import { emitRead } from './sql/emit-read.ts'

/** What sends the statements of compiled reads. */
export interface ReadSource {
  /**
   * The text in the only column of the only row; null where there is no row.
   *
   * @throws an error with PostgreSQL's SQLSTATE as its `code`, where PostgreSQL is not content
   */
  readText(sql: string, values: readonly unknown[]): Promise<string | null>
}

/** Hears why an operation that was compiled, or was about to be, has to go the ordinary way. */
type GiveUp = (reason: unknown, args: ExecutionArgs) => void

/** A statement of a compiled read. */
export interface ReadStatement {
  /** The field's name in the answer. */
  readonly responseName: string
  readonly sql: string
  readonly values: readonly unknown[]
}

/** Answers queries of generated fields with one statement for each field of the query root. */
export interface CompiledReads {
  /**
   * @returns null for an operation that has to go the ordinary way: it has fields of the project's own, or input that is
   *   refused, or meets values that only JavaScript prints. Then nothing was changed, and nothing is lost but time.
   */
  execute(args: ExecutionArgs, scope: Scope): Promise<ExecutionResult | null>
  /** The statements, unsent; null as with `execute`. */
  statements(args: ExecutionArgs, scope: Scope): Promise<readonly ReadStatement[] | null>
}

export function createCompiledReads(source: ReadSource, giveUp: GiveUp): CompiledReads {
  const findOperation = createKnownOperations()

  const compile = async (args: ExecutionArgs, scope: Scope): Promise<Compiled | null> => {
    const operation = findOperation(args.schema, args.document, args.operationName)
    if (!operation) return null
    const { variableDefinitions = [] } = operation.definition
    const variables = getVariableValues(args.schema, variableDefinitions, args.variableValues ?? {})
    if (!variables.coerced) return null
    const plan = operation.planFor(variables.coerced)
    if (!plan) return null
    const bound = await bindArguments(scope, plan, variables.coerced)
    return { plan, fields: plan.selection.map(field => compileField(scope, bound, field)) }
  }

  return {
    async statements(args, scope) {
      const compiled = await orOrdinary(giveUp, args, () => compile(args, scope))
      return compiled?.fields.flatMap(({ statement }) => (statement ? [statement] : [])) ?? null
    },
    execute: (args, scope) =>
      orOrdinary(giveUp, args, async () => {
        const compiled = await compile(args, scope)
        return compiled && (await run(source, compiled))
      }),
  }
}

interface Compiled {
  readonly plan: ReadPlan
  readonly fields: readonly CompiledField[]
}

interface CompiledField {
  readonly field: Selection[number]
  /** Null where nothing has to be read. */
  readonly statement: ReadStatement | null
  readonly text: string | null
}

function compileField(
  scope: Scope,
  bound: ReadonlyMap<SelectedField, BoundArguments>,
  field: Selection[number],
): CompiledField {
  if (field.mark === null) return { field, statement: null, text: `"${field.typeName}"` }
  if (field.mark.kind === 'viewer')
    return { field, statement: null, text: viewerText(scope, field.selection) }
  const { sql, request } = templateOf(scope, field).fill(() => new Request(scope, bound))
  return {
    field,
    text: null,
    statement: { responseName: field.responseName, sql, values: request.context.values },
  }
}

class Request implements ReadRequest {
  readonly scope: Scope
  readonly datamodel: Datamodel
  readonly context: CollectingContext
  readonly #bound: ReadonlyMap<SelectedField, BoundArguments>

  constructor(scope: Scope, bound: ReadonlyMap<SelectedField, BoundArguments>) {
    this.scope = scope
    this.datamodel = scope.access.datamodel
    this.context = createSqlContext(this.datamodel)
    this.#bound = bound
  }

  argumentsOf(field: SelectedField): BoundArguments {
    const known = this.#bound.get(field)
    if (!known) throw new Error(`${field.definition.name} has no arguments.`)
    return known
  }
}

const templates = new WeakMap<SelectedField, ReadTemplate>()

/** A field belongs to a plan, and that to one schema of one engine. */
function templateOf(scope: Scope, field: SelectedField): ReadTemplate {
  const known = templates.get(field)
  if (known) return known
  const made = createReadTemplate(scope.datamodel, scope.access.datamodel, emission =>
    emitRead(emission, field),
  )
  templates.set(field, made)
  return made
}

function viewerText({ viewer }: Scope, selection: Selection): string {
  const facts: Readonly<Record<string, unknown>> = { ...viewer }
  const entries = selection.map(item => {
    const value = item.mark === null ? item.typeName : (facts[item.definition.name] ?? null)
    return `"${item.responseName}":${JSON.stringify(value)}`
  })
  return `{${entries.join(',')}}`
}

async function run(source: ReadSource, { plan, fields }: Compiled): Promise<ExecutionResult | null> {
  const errors: GraphQLError[] = []
  let isNull = false
  const texts = await Promise.all(
    fields.map(async ({ field, statement, text }) => {
      if (statement === null || field.mark === null) return text ?? 'null'
      try {
        const read = await source.readText(statement.sql, statement.values)
        if (read === null && field.isNonNull)
          throw new NotCompilable('There is no row for what is never null.')
        return read ?? 'null'
      } catch (error) {
        // the ordinary way would only take as long once more
        if (!isCanceled(error)) throw error
        errors.push(locatedError(error, field.nodes, [field.responseName]))
        isNull ||= field.isNonNull
        return 'null'
      }
    }),
  )
  const text = `{${fields.map(({ field }, index) => `"${field.responseName}":${texts[index]}`).join(',')}}`
  const data = isNull ? null : plan.hasJson ? JSON.parse(text) : new JsonText(text)
  return errors.length === 0 ? { data } : { data, errors }
}

/** The statement took too long, or nobody waits for its answer any more. */
function isCanceled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014'
}

/**
 * Whatever goes wrong is left to the ordinary way, which says it as it has always been said: what is wrong with the input,
 * what PostgreSQL refuses, that it is away. A query can be asked twice.
 */
async function orOrdinary<Result>(
  giveUp: GiveUp,
  args: ExecutionArgs,
  work: () => Promise<Result | null>,
): Promise<Result | null> {
  try {
    return await work()
  } catch (error) {
    giveUp(error, args)
    return null
  }
}
