/** Knows which fields of object types, as subscriptions can ask for them, are ours and not an extension's. */
export interface GeneratedFields {
  /** The fields of a type of ours, as a function that also notes their names when Pothos asks for them. */
  noting<Fields extends (tools: never) => object>(typeName: string, fields: Fields): Fields
  note(typeName: string, fieldName: string): void
  /** Known when the schema is built. */
  has(typeName: string, fieldName: string): boolean
}

/** Of a type that Pothos's relay plugin makes. */
const pageInfoFields = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor']

/**
 * What is not noted counts as an extension's own, and can look at anything: something that is forgotten costs time, and
 * tells nobody too much.
 */
export function createGeneratedFields(): GeneratedFields {
  const names = new Set(pageInfoFields.map(name => `PageInfo.${name}`))
  const note = (typeName: string, fieldName: string) => void names.add(`${typeName}.${fieldName}`)
  return {
    noting: <Fields extends (tools: never) => object>(typeName: string, fields: Fields) =>
      ((tools: never) => {
        const made = fields(tools)
        for (const name of Object.keys(made)) note(typeName, name)
        return made
      }) as Fields,
    note,
    has: (typeName, fieldName) => names.has(`${typeName}.${fieldName}`),
  }
}
