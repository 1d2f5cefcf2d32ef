import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql'
import { RefractError } from '../../errors.ts'
import { NotCompilable } from './emission.ts'
import { refusal } from './sql/text-sql.ts'
import { InputRefused, StatementRefused } from './write-refused.ts'

/**
 * Why resolvers answer a query of generated fields, or a field of a mutation:
 * - `not_compilable`: it asks for what is known to be theirs
 * - `input`: its input is refused, or would be at a place that no row leads to
 * - `unprintable`: a value was met that only JavaScript prints
 * - `database`: PostgreSQL did not answer, and it did not answer the resolvers either; or its connection broke
 * - `fault`: nothing that should happen; the answer is right, but took longer
 */
export type OrdinaryKind = 'not_compilable' | 'input' | 'unprintable' | 'database' | 'fault'

/** @param reason what was thrown where the compiled read gave up */
export type HearOrdinary = (reason: unknown, kind: OrdinaryKind) => void

type Execute = (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult

/** Tells what compiled reads left to the resolvers, when these have answered. */
export interface OrdinaryWay {
  /** Notes why a compiled read of the operation gave up. */
  giveUp(reason: unknown, args: ExecutionArgs): void
  /** Runs what a compiled read gave no answer to. */
  run(args: ExecutionArgs, execute: Execute): Promise<ExecutionResult> | ExecutionResult
}

export function createOrdinaryWay(hear: HearOrdinary = () => undefined): OrdinaryWay {
  const reasons = new WeakMap<ExecutionArgs, { readonly reason: unknown }>()
  const follow = async (reason: unknown, answer: Promise<ExecutionResult> | ExecutionResult) => {
    const result = await answer
    const said = reason instanceof StatementRefused ? reason.cause : reason
    hear(said, kindOf(reason, result.errors !== undefined))
    return result
  }
  return {
    giveUp: (reason, args) => reasons.set(args, { reason }),
    run: (args, execute) => {
      const noted = reasons.get(args)
      return noted ? follow(noted.reason, execute(args)) : execute(args)
    },
  }
}

/** @param hasFailed whether the resolvers have not answered without errors either */
function kindOf(reason: unknown, hasFailed: boolean): OrdinaryKind {
  if (reason instanceof NotCompilable) return 'not_compilable'
  if (reason instanceof StatementRefused)
    return isOfInput(reason.cause) ? 'input' : kindOf(reason.cause, hasFailed)
  if ([RefractError, GraphQLError, InputRefused].some(kind => reason instanceof kind)) return 'input'
  if (!(reason instanceof Error) || isMistake(reason)) return 'fault'
  if (isUnprintable(reason)) return 'unprintable'
  return hasFailed || isOfConnection(reason) ? 'database' : 'fault'
}

/** Errors of JavaScript itself: no database throws them. */
function isMistake(error: Error): boolean {
  return error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError
}

/** SQLSTATEs of data, constraints, other transactions, and what a function raises. */
function isOfInput(error: unknown): boolean {
  return error instanceof Error && /^(?:22|23|40|P0)/.test(codeOf(error))
}

function isUnprintable(error: Error): boolean {
  const [, name = ''] = /'(.*)'/.exec(refusal) ?? []
  return codeOf(error) === '42704' && error.message.includes(name)
}

/** SQLSTATEs of connections, resources and operators who intervene, and Node's names of what befalls sockets. */
function isOfConnection(error: Error): boolean {
  return error.name === 'WorkCancelled' || /^(?:(?:08|53|57)[0-9A-Z]{3}|E[A-Z]{3,})$/.test(codeOf(error))
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}
