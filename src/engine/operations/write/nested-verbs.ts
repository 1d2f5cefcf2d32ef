import type { Datamodel, Model, RelationField } from '../../datamodel/model.ts'
import type { NestedVerb } from './row-plan.ts'

const createVerbs: readonly NestedVerb[] = ['connect', 'connectOrCreate', 'create']

/** What is taken away comes first, then what is changed, then what is added: a new row is never changed at once. */
const updateVerbs: readonly NestedVerb[] = [
  ...(['set', 'disconnect', 'delete', 'deleteMany', 'update', 'updateMany', 'upsert'] as const),
  ...createVerbs,
]

const listVerbs: ReadonlySet<NestedVerb> = new Set(['set', 'updateMany', 'deleteMany'])
const creatingVerbs: ReadonlySet<NestedVerb> = new Set(['create', 'connectOrCreate', 'upsert'])

/**
 * The verbs that a relation offers in the input of a create or an update, in the order in which they are done.
 * Empty: the relation cannot be written.
 */
export function nestedVerbs(
  datamodel: Datamodel,
  relation: RelationField,
  input: 'create' | 'update',
): readonly NestedVerb[] {
  const target = datamodel.model(relation.target)
  if (!target.isUpdatable) return []
  const isCreatable = target.isCreatable && hasOtherFields(target, relation)
  return (input === 'create' ? createVerbs : updateVerbs).filter(verb => {
    if (!relation.isList && listVerbs.has(verb)) return false
    if (creatingVerbs.has(verb) && !isCreatable) return false
    if (verb === 'disconnect' || verb === 'delete') return !(relation.ownsKey && relation.isRequired)
    return true
  })
}

/** A row at the other end is more than its link to this one. */
function hasOtherFields(target: Model, relation: RelationField): boolean {
  const linked = relation.ownsKey || relation.isManyToMany ? [] : relation.to
  return target.relations.length > 1 || target.scalars.some(field => !linked.includes(field.name))
}

/** Taking the two ends apart would leave a row without a target that it must have. */
export function isLinkRequired(datamodel: Datamodel, relation: RelationField): boolean {
  if (relation.isManyToMany) return false
  if (relation.ownsKey) return relation.isRequired
  const inverse = datamodel.model(relation.target).relations.find(field => field.name === relation.inverse)
  return inverse?.isRequired ?? false
}
