import type { FieldNode, GraphQLField, GraphQLNamedType } from 'graphql'
import type { ReadMark } from '../read-mark.ts'

/** A field of an answer, with what is asked below it. */
export interface SelectedField {
  /** Its name in the answer. */
  readonly responseName: string
  readonly definition: GraphQLField<unknown, unknown>
  readonly mark: ReadMark
  /** Where the operation asks for it; the arguments are those of the first. */
  readonly nodes: readonly FieldNode[]
  readonly isNonNull: boolean
  /** The type that the fields below are of; for values, the type of the value. */
  readonly type: GraphQLNamedType
  /** Empty for a value. For `node` and `nodes`, by the name of the type that the row turns out to be of. */
  readonly selection: Selection
  readonly selections: ReadonlyMap<string, Selection>
}

/** `__typename`, which needs no reading. */
export interface SelectedTypeName {
  readonly responseName: string
  readonly mark: null
  readonly typeName: string
}

/** What is asked of an object, in the order of the answer. */
export type Selection = readonly (SelectedField | SelectedTypeName)[]

/** An operation that can be answered without resolvers. */
export interface ReadPlan {
  readonly selection: Selection
  /** The fields with arguments, on all levels. */
  readonly withArguments: readonly SelectedField[]
  /** JavaScript prints JSON columns otherwise than PostgreSQL: the answer has to be parsed once. */
  readonly hasJson: boolean
}
