/**
 * Expressions of SQL of the type text that make JSON: each is true JSON text wherever it is not NULL. Names of GraphQL
 * and our own words are the only text that becomes SQL; values are columns and parameters.
 */

/** What an expression raises an error with (42704) where PostgreSQL meets a value that the answer cannot hold. It is
 * asked for only when it is reached: not constant, so that no planner works it out before. */
export const refusal = `current_setting('refract.unprintable')`

/** A part of a text: a constant, or an expression that is never NULL. */
export type Part = { readonly constant: string } | { readonly sql: string }

/** PostgreSQL's functions take 100 arguments. */
const mostArguments = 90

/** From so many parts on, `concat`, which copies once, costs less than a chain of `||`. */
const fewParts = 16

/** The parts, one after the other. */
export function joinText(parts: readonly Part[]): string {
  const operands = merged(parts).map(part => ('constant' in part ? quoteText(part.constant) : part.sql))
  const [single] = operands
  if (single === undefined) return `''`
  if (operands.length === 1) return single
  if (operands.length <= fewParts) return `(${operands.join(' || ')})`
  const chunks: string[] = []
  for (let start = 0; start < operands.length; start += mostArguments)
    chunks.push(`concat(${operands.slice(start, start + mostArguments).join(', ')})`)
  return chunks.length === 1 ? (chunks[0] as string) : `concat(${chunks.join(', ')})`
}

/** A JSON object of fields in this order, each with an expression that is never NULL. */
export function objectText(fields: readonly (readonly [name: string, value: Part])[]): string {
  const parts = fields.flatMap(([name, value], index): Part[] => [
    { constant: `${index === 0 ? '{' : ','}"${name}":` },
    value,
  ])
  return joinText(fields.length === 0 ? [{ constant: '{}' }] : [...parts, { constant: '}' }])
}

/** A constant text as SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The expression, or `null` where it is NULL. */
export function orNull(sql: string): string {
  return `coalesce(${sql}, 'null')`
}

/** The expression, which the answer cannot be without. */
export function orRefuse(sql: string): string {
  return `coalesce(${sql}, ${refusal})`
}

/** Base64 of a text as URLs take it, without padding, as Node's `base64url` is. */
export function base64urlText(sql: string): string {
  return `translate(encode(convert_to(${sql}, 'UTF8'), 'base64'), E'+/=\\n', '-_')`
}

function merged(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = []
  for (const part of parts) {
    const last = result.at(-1)
    if (last && 'constant' in last && 'constant' in part)
      result[result.length - 1] = { constant: last.constant + part.constant }
    else result.push(part)
  }
  return result
}

/** All of the conditions; TRUE where none says anything. */
export function andSql(conditions: readonly string[]): string {
  const rest = conditions.filter(condition => condition !== 'TRUE')
  return rest.length === 0 ? 'TRUE' : rest.join(' AND ')
}
