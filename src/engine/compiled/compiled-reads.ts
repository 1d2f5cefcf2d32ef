import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  getVariableValues,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql'
import { isPromise } from '../../lib/is-promise.ts'
import { JsonText } from '../../lib/json-text.ts'
import type { Scope } from '../operations/scope.ts'
import { type BoundFields, bindArguments } from './bind-arguments.ts'
import { BoundRequest } from './bound-request.ts'
import { NotCompilable } from './emission.ts'
import { createKnownOperations } from './known-operations.ts'
import type { OrdinaryWay } from './ordinary-way.ts'
import type { ReadPlan, SelectedField, Selection } from './plan/plan.ts'
import { createReadTemplate, type ReadTemplate } from './read-template.ts'
import { emitRead } from './sql/emit-read.ts'
import { noOwner, type StatementOwner } from './statement-owner.ts'
import { type MutationParts, prepareMutation } from './writes/run-mutation.ts'
import type { Transact } from './writes/statement-sender.ts'

/** What sends the statements of compiled reads. */
export interface ReadSource {
  /**
   * The text in the only column of the only row; null where there is no row.
   *
   * @param owner what the statement belongs to, where `execute` was given it
   * @throws an error with PostgreSQL's SQLSTATE as its `code`, where PostgreSQL is not content
   */
  readText(sql: string, values: readonly unknown[], owner?: StatementOwner): Promise<string | null>
  /** Runs the transactions of mutations; without it these go the ordinary way. */
  readonly transact?: Transact
}

/** A statement of a compiled read. */
export interface ReadStatement {
  /** The field's name in the answer. */
  readonly responseName: string
  readonly sql: string
  readonly values: readonly unknown[]
}

/**
 * Answers queries of generated fields with one statement for each field of the query root, and runs mutations of generated
 * fields without Prisma.
 */
export interface CompiledReads {
  /**
   * @param otherwise the ordinary way, for single fields of a mutation
   * @param owner what the statements belong to. Default: whatever runs here
   * @returns null for an operation that has to go the ordinary way: it has fields of the project's own, or input that is
   *   refused, or meets values that only JavaScript prints. Then nothing was changed, and nothing is lost but time.
   */
  execute(
    args: ExecutionArgs,
    scope: Scope,
    otherwise: Execute,
    owner?: StatementOwner,
  ): Promise<ExecutionResult | null>
  /** The statements, unsent; null as with `execute`. */
  statements(args: ExecutionArgs, scope: Scope): Promise<readonly ReadStatement[] | null>
}

/** @param ordinary hears why an operation has to go the ordinary way, and runs the fields of a mutation that have to */
export function createCompiledReads(source: ReadSource, ordinary: OrdinaryWay): CompiledReads {
  const findOperation = createKnownOperations()

  const plan = (args: ExecutionArgs): Planned | null => {
    const operation = findOperation(args.schema, args.document, args.operationName)
    if (!operation) return null
    const { definition } = operation
    const { variableDefinitions = [] } = definition
    const { coerced } = getVariableValues(args.schema, variableDefinitions, args.variableValues ?? {})
    const found = coerced && operation.planFor(coerced)
    return found ? { definition, plan: found, variables: coerced } : null
  }

  const read = ({ plan: found, variables }: Planned, scope: Scope, owner: StatementOwner) => {
    const compileAll = (bound: BoundFields): Compiled => ({
      plan: found,
      fields: found.selection.map(field => compileField(scope, bound, field)),
    })
    const bound = bindArguments(scope, found, variables, owner)
    return isPromise(bound) ? bound.then(compileAll) : compileAll(bound)
  }

  const mutate = async ({ plan: found, definition, variables }: Planned, asked: Asked) => {
    const { transact } = source
    return transact ? prepareMutation({ ...asked, transact, ordinary }, found, definition, variables) : null
  }

  return {
    async statements(args, scope) {
      const compiled = await orOrdinary(ordinary.giveUp, args, async () => {
        const planned = plan(args)
        return planned?.definition.operation === 'query' ? read(planned, scope, noOwner) : null
      })
      return compiled?.fields.flatMap(({ statement }) => (statement ? [statement] : [])) ?? null
    },
    execute: async (args, scope, otherwise, owner = noOwner) => {
      const mutation = await orOrdinary(ordinary.giveUp, args, async () => {
        const planned = plan(args)
        if (!planned) return null
        if (planned.definition.operation !== 'query')
          return mutate(planned, { args, scope, otherwise, owner })
        const compiled = read(planned, scope, owner)
        return run(source, isPromise(compiled) ? await compiled : compiled, owner)
      })
      // what has begun to write must not be done again
      return typeof mutation === 'function' ? mutation() : mutation
    },
  }
}

type Execute = (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult

type Asked = Pick<MutationParts, 'args' | 'scope' | 'otherwise' | 'owner'>

/** An operation of generated fields, with the values of its variables. */
interface Planned {
  readonly definition: OperationDefinitionNode
  readonly plan: ReadPlan
  readonly variables: Readonly<Record<string, unknown>>
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

function compileField(scope: Scope, bound: BoundFields, field: Selection[number]): CompiledField {
  if (field.mark === null) return { field, statement: null, text: `"${field.typeName}"` }
  if (field.mark.kind === 'viewer')
    return { field, statement: null, text: viewerText(scope, field.selection) }
  const { sql, request } = templateOf(scope, field).fill(() => new BoundRequest(scope, bound))
  return {
    field,
    text: null,
    statement: { responseName: field.responseName, sql, values: request.context.values },
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

async function run(
  source: ReadSource,
  { plan, fields }: Compiled,
  owner: StatementOwner,
): Promise<ExecutionResult | null> {
  const errors: GraphQLError[] = []
  let isNull = false
  const textOf = async ({ field, statement, text }: CompiledField): Promise<string> => {
    if (statement === null || field.mark === null) return text ?? 'null'
    try {
      const read = await source.readText(statement.sql, statement.values, owner)
      if (read === null && field.isNonNull) throw new NotCompilable('There is no row for what is never null.')
      return read ?? 'null'
    } catch (error) {
      // the ordinary way would only take as long once more
      if (!isCanceled(error)) throw error
      errors.push(locatedError(error, field.nodes, [field.responseName]))
      isNull ||= field.isNonNull
      return 'null'
    }
  }
  const [only, ...others] = fields
  const texts = only && others.length === 0 ? [await textOf(only)] : await Promise.all(fields.map(textOf))
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
  giveUp: OrdinaryWay['giveUp'],
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
