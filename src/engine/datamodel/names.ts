import pluralizeWord from 'pluralize'
import { capitalize } from '../../lib/capitalize.ts'

/** `invoice_line` → `InvoiceLine`, `HTTPServer` → `HTTPServer`, `ORDER_LINES` → `OrderLines`. */
export function toPascalCase(name: string): string {
  const isAllUpperCase = name === name.toUpperCase() && name.includes('_')
  return name
    .split(/[_\W]+/)
    .filter(part => part !== '')
    .map(part => (isAllUpperCase ? part.toLowerCase() : part))
    .map(capitalize)
    .join('')
}

/** `unit_price` → `unitPrice`, `HTTPServer` → `httpServer`, `URL` → `url`. */
export function toCamelCase(name: string): string {
  const pascal = toPascalCase(name)
  return pascal.replace(/^([A-Z]+)(?=[A-Z][a-z]|\d|$)|^[A-Z]/, start => start.toLowerCase())
}

/** The plural of a camelCase name; where it is the same word, the name with `List`. */
export function toPlural(name: string): string {
  const plural = pluralizeWord.plural(name)
  return plural === name ? `${name}List` : plural
}

/** The property of the Prisma client that holds a model: its name with a small first letter. */
export function toDelegate(modelName: string): string {
  return modelName.charAt(0).toLowerCase() + modelName.slice(1)
}

/**
 * Type names that the API itself has: a model of such a name is served as `NodeModel`, with the root fields
 * `nodeModel` and `nodeModels`.
 */
export const reservedTypeNames: ReadonlySet<string> = new Set([
  ...[
    'Query',
    'Mutation',
    'Subscription',
    'Node',
    'Nodes',
    'PageInfo',
    'SortOrder',
    'QueryMode',
    'ErrorCode',
  ],
  ...['ID', 'String', 'Boolean', 'Int', 'BigInt', 'Float', 'Decimal', 'DateTime', 'Date', 'Time', 'JSON'],
  ...[
    'Bytes',
    'UUID',
    'Point',
    'PointInput',
    'MutationError',
    'UniqueError',
    'ForeignKeyError',
    'CheckError',
  ],
  ...['ValidationError', 'ForbiddenError', 'NotFoundError', 'ConflictError', 'LimitError', 'EnumMember'],
  ...['Viewer', 'ViewerCan'],
])

/** Fields that the API itself adds to an object type. */
export const nodeIdField = 'nodeId'
