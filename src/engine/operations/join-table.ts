import type { Datamodel, Model, RelationField } from '../datamodel/model.ts'
import { quoteIdentifier } from './sql-name.ts'

/** The table that Prisma holds a many-to-many relation in, and its columns, as SQL. */
export interface JoinTable {
  readonly table: string
  /** The key of the model that has the relation's field. */
  readonly nearColumn: string
  /** The key of the relation's target. */
  readonly farColumn: string
}

/** `_Relation`, with the key of the model that comes first in the alphabet in `A`; of one model, of the field that does. */
export function joinTable(datamodel: Datamodel, model: Model, relation: RelationField): JoinTable {
  const target = datamodel.model(relation.target)
  const isNearFirst = model === target ? relation.name < relation.inverse : model.name < target.name
  const { databaseSchema } = isNearFirst ? model : target
  const name = quoteIdentifier(`_${relation.relationName}`)
  return {
    table: databaseSchema === null ? name : `${quoteIdentifier(databaseSchema)}.${name}`,
    nearColumn: isNearFirst ? '"A"' : '"B"',
    farColumn: isNearFirst ? '"B"' : '"A"',
  }
}
