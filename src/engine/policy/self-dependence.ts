import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Where } from './logic.ts'

/** The conditions of a filter that must all hold, one by one. */
export function conjunctsOf(where: Where): readonly Where[] {
  return Object.entries(where).flatMap(([name, value]) => {
    if (name !== 'AND') return [{ [name]: value }]
    return (Array.isArray(value) ? (value as Where[]) : [value as Where]).flatMap(conjunctsOf)
  })
}

/** The filter looks at other rows of the model itself: a row that was just written could vouch for itself. */
export function isSelfDependent(datamodel: Datamodel, model: Model, where: Where): boolean {
  return mentions(datamodel, model, where, model)
}

function mentions(datamodel: Datamodel, at: Model, where: unknown, sought: Model): boolean {
  if (Array.isArray(where)) return where.some(item => mentions(datamodel, at, item, sought))
  if (typeof where !== 'object' || where === null) return false
  return Object.entries(where).some(([name, value]) => {
    if (isLogic(name)) return mentions(datamodel, at, value, sought)
    const relation = at.relations.find(field => field.name === name)
    if (!relation) return false
    const target = datamodel.model(relation.target)
    return target === sought || mentions(datamodel, target, withoutQuantifiers(value), sought)
  })
}

/** The columns and many-to-many relations of the row itself that a filter looks at, by Prisma field name. */
export function ownFields(model: Model, where: unknown): readonly string[] {
  if (Array.isArray(where)) return where.flatMap(item => ownFields(model, item))
  if (typeof where !== 'object' || where === null) return []
  return Object.entries(where).flatMap(([name, value]) => {
    if (isLogic(name)) return ownFields(model, value)
    const relation = model.relations.find(field => field.name === name)
    if (!relation) return [name]
    return relation.isManyToMany ? [name, ...relation.from] : [...relation.from]
  })
}

function isLogic(name: string): boolean {
  return name === 'AND' || name === 'OR' || name === 'NOT'
}

/** `{ some: a, none: b }` to `[a, b]`; a filter without them is one of a to-one relation. */
function withoutQuantifiers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const names = Object.keys(value)
  const isQuantified =
    names.length > 0 && names.every(name => ['some', 'every', 'none', 'is', 'isNot'].includes(name))
  return isQuantified ? Object.values(value) : value
}
