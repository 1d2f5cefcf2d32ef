/** A Prisma `where` object. */
export type Where = Readonly<Record<string, unknown>>

/** Prisma reads `{}` as "every row" and `OR: []` as "no row", but drops `{}` inside `NOT` and `OR`: so never nest them. */
export const everyRow: Where = Object.freeze({})
export const noRow: Where = Object.freeze({ OR: Object.freeze([]) })

export function isEveryRow(where: Where): boolean {
  return Object.keys(where).length === 0
}

export function isNoRow(where: Where): boolean {
  const keys = Object.keys(where)
  return keys.length === 1 && keys[0] === 'OR' && (where.OR as readonly unknown[]).length === 0
}

/** All of the conditions hold. */
export function allOf(conditions: readonly Where[]): Where {
  if (conditions.some(isNoRow)) return noRow
  const rest = conditions.filter(condition => !isEveryRow(condition))
  if (rest.length <= 1) return rest[0] ?? everyRow
  return { AND: rest }
}

/** One of the conditions holds; none of no conditions. */
export function anyOf(conditions: readonly Where[]): Where {
  if (conditions.some(isEveryRow)) return everyRow
  const rest = conditions.filter(condition => !isNoRow(condition))
  if (rest.length === 1 && rest[0]) return rest[0]
  return rest.length === 0 ? noRow : { OR: rest }
}

export function noneOf(condition: Where): Where {
  if (isEveryRow(condition)) return noRow
  if (isNoRow(condition)) return everyRow
  return negated(condition) ?? { NOT: [condition] }
}

/** What a negation of one condition negates. */
function negated(condition: Where): Where | null {
  const { NOT: negation, ...rest } = condition
  if (!Array.isArray(negation) || negation.length !== 1 || !isEveryRow(rest)) return null
  return negation[0] as Where
}
