import type { Datamodel, Model } from './model.ts'

/** A model whose changes are recorded, with the names of the database. */
export interface RecordedModel {
  readonly model: string
  /** The PostgreSQL schema, where the Prisma schema names it. */
  readonly schema: string | null
  readonly table: string
  /** The columns of the key that rows are known by in the API. */
  readonly key: readonly string[]
}

/** A model of a table whose changes are not recorded. */
export interface UnrecordedModel {
  readonly model: string
  readonly schema: string | null
  readonly table: string
  readonly reason: string
}

/** Which models have their changes recorded, and which have not. A view is neither: it has no changes of its own. */
export interface Recording {
  readonly recorded: readonly RecordedModel[]
  readonly unrecorded: readonly UnrecordedModel[]
}

/** Sorts the models of a schema (with what is hidden in it) by whether their changes are to be recorded. */
export function readRecording({ models }: Pick<Datamodel, 'models'>): Recording {
  const tables = models.filter(model => !model.isView)
  return {
    recorded: tables.filter(model => model.isRecorded).map(describeRecorded),
    unrecorded: tables
      .filter(model => !model.isRecorded)
      .map(model => ({ ...describeTable(model), reason: reasonOf(model) })),
  }
}

function describeRecorded(model: Model): RecordedModel {
  const columns = new Map(model.scalars.map(field => [field.name, field.column]))
  const key = model.primaryKey?.fields ?? []
  return { ...describeTable(model), key: key.map(name => columns.get(name) ?? name) }
}

function describeTable({ name, databaseSchema, table }: Model) {
  return { model: name, schema: databaseSchema, table }
}

function reasonOf({ isHidden, primaryKey }: Model): string {
  if (isHidden) return 'it is @hidden: the API does not have it'
  return primaryKey ? 'its comment says @unrecorded' : 'it has no key that tells its rows apart'
}
