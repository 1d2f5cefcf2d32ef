import type { Model, RelationField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'
import { keyWhere, selectFields } from '../key.ts'
import type { RelationPlan, RowPlan } from './row-plan.ts'
import type { InputPath } from './write-error.ts'

/** Rows to link and to unlink in a many-to-many relation, by the text of their primary keys. */
export interface JoinChange {
  readonly connect: Map<string, Row>
  readonly disconnect: Map<string, Row>
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

/** The changes of a many-to-many relation that the draft holds. */
export function joinChangeOf(draft: RowDraft, relation: RelationField): JoinChange {
  const change = draft.joins.get(relation) ?? { connect: new Map(), disconnect: new Map() }
  draft.joins.set(relation, change)
  return change
}

/** The draft changes links of many-to-many relations. */
export function hasJoins({ joins }: RowDraft): boolean {
  return [...joins.values()].some(({ connect, disconnect }) => connect.size + disconnect.size > 0)
}

/** Prisma's `data` of the draft. */
export function draftData(
  draft: RowDraft,
  target: (relation: RelationField) => Model,
): Record<string, unknown> {
  const data: Record<string, unknown> = { ...draft.values }
  for (const [relation, change] of draft.joins) {
    const keysOf = (rows: Map<string, Row>) => [...rows.values()].map(row => keyWhere(target(relation), row))
    const changes = Object.entries({ connect: keysOf(change.connect), disconnect: keysOf(change.disconnect) })
    const given = changes.filter(([, keys]) => keys.length > 0)
    if (given.length > 0) data[relation.name] = Object.fromEntries(given)
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
