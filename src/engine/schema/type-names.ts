import type { Datamodel, Model } from '../datamodel/model.ts'

/** The suffixes of the types that a model brings with it. */
export type DerivedType =
  | 'Connection'
  | 'Edge'
  | 'Filter'
  | 'ListFilter'
  | 'ToOneFilter'
  | 'UniqueInput'
  | 'Order'
  | 'Aggregate'
  | 'Group'
  | 'GroupField'
  | 'GroupOrder'
  | 'Having'
  | 'Payload'
  | 'BatchPayload'
  | 'CreateInput'
  | 'UpdateInput'
  | 'IncrementInput'
  | (string & {})

export interface TypeNames {
  /**
   * `IssueFilter` for Issue and `Filter`. Where the schema has that name, or another model of a longer name could have
   * it for a type of its own (`UserGroup` and `Order`, `User` and `GroupOrder`), it ends in `Type`.
   */
  derived(model: Model, suffix: DerivedType): string
  /** The name of a type that several models share, such as `StringFilter`. */
  shared(name: string): string
}

export function createTypeNames(datamodel: Datamodel): TypeNames {
  const taken = new Set([...datamodel.models, ...datamodel.enums].map(item => item.typeName))
  const shared = (name: string): string => (taken.has(name) ? shared(`${name}Type`) : name)
  const isAnothers = (model: Model, name: string) =>
    datamodel.models.some(
      ({ typeName }) => typeName.length > model.typeName.length && name.startsWith(typeName),
    )
  return {
    shared,
    derived: (model, suffix) => {
      const name = `${model.typeName}${suffix}`
      return shared(isAnothers(model, name) ? `${name}Type` : name)
    },
  }
}
