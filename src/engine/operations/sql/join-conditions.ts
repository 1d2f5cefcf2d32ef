/** Conditions of SQL as one; `otherwise` where there are none. */
export function joined(
  parts: readonly string[],
  operator: 'AND' | 'OR',
  otherwise: 'TRUE' | 'FALSE',
): string {
  const [single] = parts
  if (single === undefined) return otherwise
  return parts.length === 1 ? single : `(${parts.join(` ${operator} `)})`
}
