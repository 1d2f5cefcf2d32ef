import type { Datamodel, Model, RelationField, ScalarField, UnsupportedField } from '../datamodel/model.ts'
import { canOrderBy } from '../operations/read/order.ts'
import { nestedVerbs } from '../operations/write/nested-verbs.ts'
import { canGive, isNeeded } from '../operations/write/plan-row.ts'
import { inputScalars } from '../operations/write/plan-values.ts'
import type { NestedVerb } from '../operations/write/row-plan.ts'
import { isEveryRow, isNoRow } from '../policy/logic.ts'
import type { ViewerAccess } from '../policy/viewer-access.ts'

/** Whether a part of the schema is there for a viewer: something that he or she could ever use. */
export type Offer = (access: ViewerAccess) => boolean

/** The extension under which the parts of a schema (types, fields, arguments, values of enums) have their offer. */
const extension = 'refractOffer'

/** Makes a part of the schema one that only some viewers have; to be spread into its `extensions`. */
export function offered(offer: Offer): Readonly<Record<string, Offer>> {
  return { [extension]: offer }
}

/** A part of a schema: a type, a field, an argument, a value of an enum. */
export interface SchemaPart {
  readonly extensions?: Readonly<Record<string, unknown>> | null | undefined
}

/** The offer of a part; undefined where it is there for everybody. */
export function offerOf({ extensions }: SchemaPart): Offer | undefined {
  return extensions?.[extension] as Offer | undefined
}

export function isOffered(part: SchemaPart, access: ViewerAccess): boolean {
  const offer = offerOf(part)
  return offer === undefined || isMade(offer, access)
}

/**
 * Whether an offer is made to a viewer. A rule that throws, which any code of a project can do, must not take the whole API
 * away from the viewer, nor hide itself: what it is about is offered, and whoever uses that hears of the error.
 */
export function isMade(offer: Offer, access: ViewerAccess): boolean {
  try {
    return offer(access)
  } catch {
    return true
  }
}

export function canRead(model: Model): Offer {
  return access => !isNoRow(access.of(model).read)
}

export function canWrite(model: Model, ...operations: readonly ('create' | 'update' | 'delete')[]): Offer {
  return access => operations.every(operation => !isNoRow(access.of(model)[operation]))
}

export function canReadField(
  datamodel: Datamodel,
  model: Model,
  field: ScalarField | RelationField | UnsupportedField,
): Offer {
  return access => {
    const { read, isNullWhenHidden } = access.of(model).field(field.name)
    if (isNoRow(read) && !isNullWhenHidden) return false
    return field.kind !== 'relation' || canRead(datamodel.model(field.target))(access)
  }
}

/** The field that the row's version is made of can be read. */
export function canReadVersion(model: Model): Offer {
  const name = model.versionField?.name ?? ''
  return access => !isNoRow(access.of(model).field(name).read)
}

export function canFilterBy(datamodel: Datamodel, model: Model, field: ScalarField | RelationField): Offer {
  return access => {
    if (!access.of(model).field(field.name).isFilterable) return false
    return field.kind === 'scalar' || canRead(datamodel.model(field.target))(access)
  }
}

/** Words of the field can be searched for: it can be read in every row. */
export function canSearch(model: Model, graphqlNames: readonly string[]): Offer {
  const fields = model.scalars.filter(field => graphqlNames.includes(field.graphqlName))
  return access =>
    fields.some(({ name }) => {
      const { read, isFilterable } = access.of(model).field(name)
      return isFilterable && isEveryRow(read)
    })
}

/** Rows can be looked up by all of these fields. */
export function canFindBy(model: Model, names: readonly string[]): Offer {
  return access => names.every(name => access.of(model).field(name).isFilterable)
}

export function canOrder(datamodel: Datamodel, model: Model, field: ScalarField | RelationField): Offer {
  return access => canOrderBy({ access, datamodel }, model, field)
}

/** The field of an input can be given a value. */
export function canGiveField(
  model: Model,
  field: ScalarField | UnsupportedField,
  kind: 'create' | 'update',
): Offer {
  return access => canGive(access, model, field, kind)
}

/**
 * A new row can have all that it must have: from its input, a relation in it, the relation around it (`without`) or the
 * policy.
 */
export function canGiveNeeded(datamodel: Datamodel, model: Model, without: RelationField | null): Offer {
  const relations = model.relations.filter(({ ownsKey, name }) => ownsKey && name !== without?.name)
  const needed = inputScalars(model, without).filter(isNeeded)
  return access => {
    const presets = access.of(model).presets('create')
    return needed.every(
      field =>
        field.name in presets ||
        canGive(access, model, field, 'create') ||
        relations.some(
          relation =>
            relation.from.includes(field.name) &&
            canGiveRelation(datamodel, model, relation, 'create')(access),
        ),
    )
  }
}

/** The relation of an input can be written in at least one way. */
export function canGiveRelation(
  datamodel: Datamodel,
  model: Model,
  relation: RelationField,
  kind: 'create' | 'update',
): Offer {
  const verbs = nestedVerbs(datamodel, relation, kind).map(verb =>
    canUseVerb(datamodel, relation, verb, kind),
  )
  return access => canGive(access, model, relation, kind) && verbs.some(verb => verb(access))
}

/** The rows at the other end of a relation can be written in this way. */
export function canUseVerb(
  datamodel: Datamodel,
  relation: RelationField,
  verb: NestedVerb,
  kind: 'create' | 'update',
): Offer {
  const target = datamodel.model(relation.target)
  const parent = datamodel.model(target.relations.find(({ name }) => name === relation.inverse)?.target ?? '')
  return access => {
    const can = (operation: 'create' | 'update' | 'delete') => !isNoRow(access.of(target)[operation])
    const canCreate = () => can('create') && canLinkNew(access, target, relation)
    if (relation.ownsKey && verb !== 'update' && !canSet(access, parent, relation.from, kind)) return false
    if (verb === 'create') return canCreate()
    if (!canRead(target)(access)) return false
    switch (verb) {
      case 'connectOrCreate':
        return canCreate() && canLink(access, target, relation)
      case 'update':
      case 'updateMany':
        return can('update')
      case 'upsert':
        return can('update') && canCreate()
      case 'delete':
      case 'deleteMany':
        return can('delete')
      default:
        return canLink(access, target, relation)
    }
  }
}

function canLink(access: ViewerAccess, target: Model, relation: RelationField): boolean {
  const own = access.of(target)
  if (relation.isManyToMany) return !isNoRow(own.linkable(relation.inverse))
  if (relation.ownsKey) return true
  return !isNoRow(own.update) && canSet(access, target, [...relation.to, relation.inverse], 'update')
}

/** A new row at the other end can be linked. */
function canLinkNew(access: ViewerAccess, target: Model, relation: RelationField): boolean {
  if (relation.ownsKey) return true
  return canSet(access, target, [...(relation.isManyToMany ? [] : relation.to), relation.inverse], 'create')
}

function canSet(
  access: ViewerAccess,
  model: Model,
  names: readonly string[],
  kind: 'create' | 'update',
): boolean {
  return names.every(name => !isNoRow(access.of(model).field(name)[kind]))
}
