import type { RelationField } from '../../datamodel/model.ts'
import type { Row } from '../client.ts'

/** The values that a related row has in the relation's columns at its end. */
export function toRelated(relation: RelationField, parent: Row): Row {
  return Object.fromEntries(relation.to.map((name, index) => [name, parent[relation.from[index] ?? '']]))
}

/** The parent's columns hold a key: none of them is null. */
export function hasLink(relation: RelationField, parent: Row): boolean {
  return relation.from.every(name => parent[name] !== null && parent[name] !== undefined)
}
