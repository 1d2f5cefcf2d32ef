/** A condition of a policy as one line of JSON, with dates as ISO 8601 and big numbers as digits; cut where it is long. */
export function describeCondition(condition: unknown, maximumLength = 300): string {
  const text = JSON.stringify(condition, (_, value: unknown) => {
    if (typeof value === 'bigint') return String(value)
    if (typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'isNull')
      return 'isNull'
    return value
  })
  return text.length > maximumLength ? `${text.slice(0, maximumLength)}…` : text
}
