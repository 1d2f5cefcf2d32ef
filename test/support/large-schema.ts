const scalars = ['String', 'Int', 'Float', 'Boolean', 'DateTime', 'Json', 'BigInt', 'Decimal', 'Bytes']

/**
 * The models of a big company: `models` of them with `fields` columns and relations together, each belonging to the one
 * before it and to the one in the middle. The datasource is not included.
 */
export function createLargeSchema(models: number, fields: number): string {
  const perModel = Math.floor(fields / models)
  return Array.from({ length: models }, (_, index) => createModel(index, models, perModel)).join('\n')
}

function createModel(index: number, models: number, fields: number): string {
  const parent = Math.max(0, index - 1)
  const isLast = index === models - 1
  const lines = ['id Int @id @default(autoincrement())', 'createdAt DateTime @default(now())']
  if (index > 0)
    lines.push(
      'parentId Int',
      `parent Model${parent} @relation("Parent${index}", fields: [parentId], references: [id])`,
    )
  if (!isLast) lines.push(`children Model${index + 1}[] @relation("Parent${index + 1}")`)
  for (let field = lines.length; field < fields; field += 1) {
    const isOptional = field % 3 === 0 ? '?' : ''
    lines.push(`field${field} ${scalars[(field + index) % scalars.length]}${isOptional}`)
  }
  return `model Model${index} {\n${lines.map(line => `  ${line}`).join('\n')}\n}\n`
}
