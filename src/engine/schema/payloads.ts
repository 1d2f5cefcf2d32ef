import { readAs } from '../compiled/read-mark.ts'
import type { Model } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import type { WriteOutcome } from '../operations/transaction.ts'
import type { WriteError } from '../operations/write/write-error.ts'
import type { WrittenRows } from '../operations/write/write-scope.ts'
import { objectType, type SchemaBuild } from './builder.ts'
import { mutationError } from './mutation-errors.ts'

/** What a mutation of one row answers. */
export interface Payload {
  readonly row: Row | null
  readonly errors: readonly WriteError[]
}

/** What a mutation of many rows answers. */
export interface BatchPayload extends WrittenRows {
  readonly errors: readonly WriteError[]
}

export function toPayload(outcome: WriteOutcome<Row | null>): Payload {
  return outcome.ok ? { row: outcome.result, errors: [] } : { row: null, errors: outcome.errors }
}

export function toBatchPayload(outcome: WriteOutcome<WrittenRows>): BatchPayload {
  return outcome.ok ? { ...outcome.result, errors: [] } : { rows: [], count: 0, errors: outcome.errors }
}

/** `IssuePayload`. */
export function payloadRef(build: SchemaBuild, model: Model) {
  return objectType<Payload>(build, build.names.derived(model, 'Payload'), {
    description: `What became of a mutation of one ${model.singular}.`,
    fields: t => ({
      [rowField(model.singular)]: t.field({
        type: build.rowRef(model),
        nullable: true,
        extensions: readAs({ kind: 'writtenRow', model }),
        description:
          'The row after the mutation, of a delete as it was; null where there are errors, or where you may not see it.',
        resolve: payload => payload.row,
      }),
      errors: t.field({
        type: [mutationError(build)],
        extensions: readAs({ kind: 'writeErrors' }),
        description: 'What has to be mended; empty where the mutation was done.',
        resolve: payload => [...payload.errors],
      }),
    }),
  })
}

/** `IssueBatchPayload`. */
export function batchPayloadRef(build: SchemaBuild, model: Model) {
  return objectType<BatchPayload>(build, build.names.derived(model, 'BatchPayload'), {
    description: `What became of a mutation of several ${model.plural}.`,
    fields: t => ({
      [rowsField(model.plural)]: t.field({
        type: [build.rowRef(model)],
        extensions: readAs({ kind: 'writtenRows', model }),
        description:
          'The rows after the mutation that you may see, of a delete as they were; empty where there are errors.',
        resolve: payload => [...payload.rows],
      }),
      count: t.int({
        extensions: readAs({ kind: 'writtenCount' }),
        description: 'The number of rows that were written.',
        resolve: payload => payload.count,
      }),
      errors: t.field({
        type: [mutationError(build)],
        extensions: readAs({ kind: 'writeErrors' }),
        description: 'What has to be mended; empty where the mutation was done.',
        resolve: payload => [...payload.errors],
      }),
    }),
  })
}

/** The payload's field for the row: the model's name, unless the payload has a field of that name. */
export function rowField(singular: string): string {
  return singular === 'errors' ? `${singular}Row` : singular
}

/** The batch payload's field for the rows. */
export function rowsField(plural: string): string {
  return ['errors', 'count'].includes(plural) ? `${plural}Rows` : plural
}
