/** A value of an argument, or of a part of one. */
export type Input =
  | { readonly kind: 'variable' | 'enum'; readonly name: string }
  /** Any value of JSON: a scalar, or null. */
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Input[] }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, value: Input])[] }

export const nullInput: Input = { kind: 'value', value: null }

/** The input as it is written in a document. */
export function literalOf(input: Input): string {
  switch (input.kind) {
    case 'variable':
      return `$${input.name}`
    case 'enum':
      return input.name
    case 'value':
      return jsonLiteral(input.value)
    case 'list':
      return `[${input.items.map(literalOf).join(', ')}]`
    case 'object':
      return `{${input.fields.map(([name, value]) => `${name}: ${literalOf(value)}`).join(', ')}}`
  }
}

/** The input as the value of a variable. */
export function constantOf(input: Input): unknown {
  switch (input.kind) {
    case 'variable':
      throw new Error('A variable has no variables in it.')
    case 'enum':
      return input.name
    case 'value':
      return input.value
    case 'list':
      return input.items.map(constantOf)
    case 'object':
      return Object.fromEntries(input.fields.map(([name, value]) => [name, constantOf(value)]))
  }
}

/** Whether a document can have it: names of JSON's objects can be what no name in GraphQL is, texts half a character. */
export function isWritable(input: Input): boolean {
  if (input.kind === 'list') return input.items.every(isWritable)
  if (input.kind === 'object') return input.fields.every(([, value]) => isWritable(value))
  return input.kind !== 'value' || isWritableJson(input.value)
}

function isWritableJson(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(
    ([key, item]) => (Array.isArray(value) || /^[_A-Za-z]\w*$/.test(key)) && isWritableJson(item),
  )
}

function jsonLiteral(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(jsonLiteral).join(', ')}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}: ${jsonLiteral(item)}`)
    .join(', ')}}`
}
