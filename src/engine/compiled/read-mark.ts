import type { GraphQLField } from 'graphql'
import type { Model, RelationField, ScalarField, UnsupportedField } from '../datamodel/model.ts'
import type { AggregateFunction } from '../operations/read/aggregate.ts'

/**
 * What a generated field of the GraphQL schema reads, so that it can be read without its resolver. A field without a
 * mark has a meaning that only its resolver knows.
 */
export type ReadMark =
  /** Fields of the query root. */
  | { readonly kind: 'unique' | 'list'; readonly model: Model }
  | { readonly kind: 'node' | 'nodes' | 'viewer' }
  /** Fields of the mutation root. */
  | { readonly kind: 'write'; readonly verb: WriteVerb; readonly model: Model }
  /** Fields of what a mutation answers. */
  | { readonly kind: 'writtenRow' | 'writtenRows'; readonly model: Model }
  | { readonly kind: 'writtenCount' | 'writeErrors' }
  /** Fields of a row. */
  | { readonly kind: 'column'; readonly model: Model; readonly field: ScalarField }
  | { readonly kind: 'point'; readonly model: Model; readonly field: UnsupportedField }
  | { readonly kind: 'toOne' | 'toMany'; readonly model: Model; readonly field: RelationField }
  | { readonly kind: 'nodeId' | 'version' | 'viewerCan'; readonly model: Model }
  /** Fields of a connection, and of an edge. */
  | { readonly kind: 'edges' | 'rows' | 'pageInfo' | 'totalCount' | 'aggregate' | 'groups' }
  | { readonly kind: 'cursor' | 'edgeRow' }
  /** Fields of objects that say something about a page, a row or the viewer, known by their names. */
  | { readonly kind: 'fact'; readonly name: string }
  /** Fields of aggregates and groups. */
  | { readonly kind: 'count' | 'groupKey' }
  | { readonly kind: 'aggregates'; readonly by: AggregateFunction }
  | { readonly kind: 'aggregateValue'; readonly by: AggregateFunction; readonly field: ScalarField }

/** What a mutation does, to one row or to many. */
export type WriteVerb = 'create' | 'createMany' | 'update' | 'updateMany' | 'upsert' | 'delete' | 'deleteMany'

const extension = 'refractRead'

/** Marks a field; to be spread into its `extensions`. */
export function readAs(mark: ReadMark): Readonly<Record<string, ReadMark>> {
  return { [extension]: mark }
}

export function readMarkOf(field: GraphQLField<unknown, unknown>): ReadMark | undefined {
  return field.extensions[extension] as ReadMark | undefined
}
