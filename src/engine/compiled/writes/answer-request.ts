import type { Row, Select } from '../../operations/client.ts'
import type { Scope } from '../../operations/scope.ts'
import { isEveryRow } from '../../policy/logic.ts'
import type { BoundFields } from '../bind-arguments.ts'
import type { SelectedField } from '../plan/plan.ts'

/** What a mutation answers of the rows that it has written. */
export interface AnswerRequest {
  /** The payload's field for them. */
  readonly field: SelectedField
  /** The arguments of fields below it. */
  readonly bound: BoundFields
}

const requested = Symbol('answer request')
const written = Symbol('answer')

/** A `select` that asks for the answer, by `SqlDelegate` alone. Copies of it do so too. */
export function asking(request: AnswerRequest): Select {
  return { [requested]: request } as Select
}

export function answerRequestOf(select: Select): AnswerRequest | undefined {
  return (select as { readonly [requested]?: AnswerRequest })[requested]
}

/** The row with what is answered of it, as JSON text. */
export function answered(row: Row, text: string): Row {
  return { ...row, [written]: text } as Row
}

/** @throws Error where nobody asked for it when the row was read */
export function answerOf(row: Row): string {
  const text = (row as { readonly [written]?: string })[written]
  if (text === undefined) throw new Error('The row was read without its answer.')
  return text
}

/**
 * The answer is made of the row's own columns, and of all of them for this viewer: then the statement that writes the row
 * can return it. What it says of other rows, these could have been changed by a trigger.
 */
export function isOfOwnColumns({ field }: AnswerRequest, { access }: Scope): boolean {
  return field.selection.every(({ mark }) => {
    if (mark === null || mark.kind === 'nodeId') return true
    if (mark.kind !== 'column' && mark.kind !== 'version') return false
    if (access.isFull) return true
    const name = mark.kind === 'column' ? mark.field.name : (mark.model.versionField?.name ?? '')
    return isEveryRow(access.of(mark.model).field(name).read)
  })
}

/**
 * The answer, read before the row is deleted, is the same as after it: it is made of the row's own columns, or, where no
 * policy looks, of rows that it refers to.
 */
export function isAsBeforeDelete(answer: AnswerRequest, scope: Scope): boolean {
  return isOfOwnColumns(answer, scope) || (scope.access.isFull && staysReferred(answer.field))
}

function staysReferred({ selection }: SelectedField): boolean {
  return selection.every(item => {
    if (item.mark === null) return true
    const { kind } = item.mark
    if (kind === 'toOne') return item.mark.field.ownsKey && staysReferred(item)
    return kind === 'column' || kind === 'nodeId' || kind === 'version'
  })
}
