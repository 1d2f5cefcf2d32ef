import type { Model, RelationField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { keyWhere, selectFields } from '../key.ts'
import type { RelationPlan, RowPlan } from './row-plan.ts'
import type { InputPath } from './write-error.ts'

/** Rows to link and to unlink in a many-to-many relation, by their primary keys. */
export interface JoinChange {
  readonly connect: Row[]
  readonly disconnect: Row[]
}

/** A row's columns while the relations that come before it fill them in. */
export interface RowDraft {
  readonly plan: RowPlan
  readonly values: Record<string, unknown>
  readonly origins: Map<string, InputPath>
  readonly joins: Map<RelationField, JoinChange>
  /** What has to wait until the row is written: deletes of rows that it refers to. */
  readonly afterwards: (() => Promise<void>)[]
}

export function createDraft(plan: RowPlan, preset: Row = {}): RowDraft {
  const origins = new Map(plan.origins)
  for (const name of Object.keys(preset)) origins.set(name, plan.path)
  return { plan, values: { ...plan.values, ...preset }, origins, joins: new Map(), afterwards: [] }
}

/** Prisma's `data` of the draft. */
export function draftData(
  draft: RowDraft,
  target: (relation: RelationField) => Model,
): Record<string, unknown> {
  const data: Record<string, unknown> = { ...draft.values }
  for (const [relation, { connect, disconnect }] of draft.joins) {
    const model = target(relation)
    data[relation.name] = {
      ...(connect.length > 0 ? { connect: connect.map(row => keyWhere(model, row)) } : {}),
      ...(disconnect.length > 0 ? { disconnect: disconnect.map(row => keyWhere(model, row)) } : {}),
    }
  }
  return data
}

/** The relation's rows are written before the row: its foreign key is here, or in a join table. */
export function isBefore({ relation }: RelationPlan): boolean {
  return relation.ownsKey || relation.isManyToMany
}

/** Something has to be written once the row is there, so the row has to be read again in the end. */
export function hasAfter(plan: RowPlan): boolean {
  return plan.points.length > 0 || plan.relations.some(relation => !isBefore(relation))
}

/** The columns that name a row and that link it with others: what the writers read of every row. */
export function linkSelect(model: Model): Record<string, true> {
  const linked = model.relations.flatMap(relation => relation.from)
  return selectFields([...new Set([...(model.primaryKey?.fields ?? []), ...linked])])
}
