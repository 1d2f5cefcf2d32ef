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
  /** `IssueFilter` for Issue and `Filter`; where a model or an enum of the schema has that name, `IssueFilterType`. */
  derived(model: Model, suffix: DerivedType): string
  /** The name of a type that several models share, such as `StringFilter`. */
  shared(name: string): string
}

export function createTypeNames(datamodel: Datamodel): TypeNames {
  const taken = new Set([...datamodel.models, ...datamodel.enums].map(item => item.typeName))
  const shared = (name: string) => (taken.has(name) ? `${name}Type` : name)
  return { shared, derived: (model, suffix) => shared(`${model.typeName}${suffix}`) }
}
