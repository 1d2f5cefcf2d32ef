import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  Kind,
  locatedError,
  type OperationDefinitionNode,
} from 'graphql'
import { JsonText } from '../../../lib/json-text.ts'
import type { Scope } from '../../operations/scope.ts'
import { type BoundFields, bindArguments } from '../bind-arguments.ts'
import type { OrdinaryWay } from '../ordinary-way.ts'
import type { ReadPlan, SelectedField } from '../plan/plan.ts'
import type { StatementOwner } from '../statement-owner.ts'
import { runWrite } from './run-write.ts'
import { createSqlClient, isFinal } from './sql-client.ts'
import type { Transact } from './statement-sender.ts'

type Execute = (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult

/** What a mutation is run with. */
export interface MutationParts {
  readonly args: ExecutionArgs
  readonly scope: Scope
  readonly transact: Transact
  /** What its statements belong to; those of `otherwise` do so by themselves. */
  readonly owner: StatementOwner
  /** The ordinary way. */
  readonly otherwise: Execute
  /** Hears why a field has to go the ordinary way. */
  readonly ordinary: OrdinaryWay
}

/**
 * Prepares a mutation of generated fields. Nothing is written before it is run, and it must not be run twice.
 *
 * @throws NotCompilable, GraphQLError or RefractError where all of it has to go the ordinary way
 */
export async function prepareMutation(
  parts: MutationParts,
  plan: ReadPlan,
  definition: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Promise<() => Promise<ExecutionResult>> {
  const { scope: outer, transact, owner } = parts
  const scope: Scope = { ...outer, database: createSqlClient(outer, transact, owner) }
  const bound = await bindArguments(scope, plan, variables, owner)
  return () => runFields(new MutationRun(parts, scope, bound, definition), plan)
}

/**
 * One field after the other. One that cannot be run without Prisma, or that fails by what its caller can mend, has written
 * nothing, and is run by its resolver instead.
 */
async function runFields(run: MutationRun, { selection, hasJson }: ReadPlan): Promise<ExecutionResult> {
  for (const field of selection) {
    if (field.mark === null) run.add(field.responseName, `"${field.typeName}"`)
    else await run.field(field)
    if (run.isNull) break
  }
  return run.result(hasJson)
}

class MutationRun {
  isNull = false
  readonly #parts: MutationParts
  readonly #scope: Scope
  readonly #bound: BoundFields
  readonly #definition: OperationDefinitionNode
  readonly #texts: string[] = []
  readonly #errors: GraphQLError[] = []

  constructor(parts: MutationParts, scope: Scope, bound: BoundFields, definition: OperationDefinitionNode) {
    this.#parts = parts
    this.#scope = scope
    this.#bound = bound
    this.#definition = definition
  }

  add(responseName: string, text: string): void {
    this.#texts.push(`"${responseName}":${text}`)
  }

  async field(field: SelectedField): Promise<void> {
    try {
      this.add(field.responseName, await runWrite(this.#scope, field, this.#bound))
    } catch (error) {
      if (isFinal(error)) this.#fail(field, error)
      else await this.#ordinary(field, error)
    } finally {
      this.#parts.scope.loaders.clear()
    }
  }

  result(hasJson: boolean): ExecutionResult {
    const text = `{${this.#texts.join(',')}}`
    const data = this.isNull ? null : hasJson ? JSON.parse(text) : new JsonText(text)
    return this.#errors.length === 0 ? { data } : { data, errors: this.#errors }
  }

  #fail({ nodes, responseName, isNonNull }: SelectedField, error: unknown): void {
    this.#errors.push(locatedError(error, nodes, [responseName]))
    this.isNull = isNonNull
    this.add(responseName, 'null')
  }

  async #ordinary(field: SelectedField, reason: unknown): Promise<void> {
    const { args, otherwise, ordinary } = this.#parts
    const fieldArgs = { ...args, document: documentOf(args.document, this.#definition, field) }
    ordinary.giveUp(reason, fieldArgs)
    const { data, errors = [] } = await ordinary.run(fieldArgs, otherwise)
    this.#errors.push(...errors)
    this.isNull = !data
    this.add(field.responseName, JSON.stringify(data?.[field.responseName] ?? null))
  }
}

const documents = new WeakMap<SelectedField, DocumentNode>()

/** The operation with this field alone. */
function documentOf(
  document: DocumentNode,
  definition: OperationDefinitionNode,
  field: SelectedField,
): DocumentNode {
  const known = documents.get(field)
  if (known) return known
  const selectionSet = { kind: Kind.SELECTION_SET, selections: field.nodes } as const
  const fragments = document.definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION)
  const made: DocumentNode = {
    kind: Kind.DOCUMENT,
    definitions: [{ ...definition, selectionSet }, ...fragments],
  }
  documents.set(field, made)
  return made
}
