import { extname } from 'node:path'
import { type ParserPlugin, parse } from '@babel/parser'

/** A piece of GraphQL inside of code. */
export interface Extract {
  readonly text: string
  /** Where it begins in the file. */
  readonly line: number
}

/** Names of the functions and tags that mark GraphQL, in the clients that there are. */
const marks: ReadonlySet<string> = new Set(['gql', 'graphql'])

/** A node of the syntax tree: what is looked at here is looked for by name. */
type Node = Readonly<Record<string, unknown>> & { readonly type: string }

/**
 * Returns the GraphQL in TypeScript or JavaScript: what is tagged with `gql` or `graphql`, given to a function of that
 * name, or marked by the comment `GraphQL`. Expressions in it are left out: they are fragments, which are found by
 * their names.
 *
 * @throws SyntaxError for code that does not parse
 */
export function extractDocuments(code: string, file: string): readonly Extract[] {
  const plugins: ParserPlugin[] = ['decorators', 'explicitResourceManagement']
  const ending = extname(file)
  if (/^\.[mc]?tsx?$/.test(ending)) plugins.push('typescript')
  if (ending !== '.ts' && ending !== '.mts' && ending !== '.cts') plugins.push('jsx')
  const tree = parse(code, { sourceType: 'unambiguous', errorRecovery: true, plugins })
  const extracts: Extract[] = []
  const pending: unknown[] = [tree.program]
  while (pending.length > 0) {
    const node = pending.pop()
    if (Array.isArray(node)) {
      pending.push(...node)
    } else if (isNode(node)) {
      const template = findMarked(node)
      if (template) extracts.push(readTemplate(template))
      for (const [name, child] of Object.entries(node)) {
        if (typeof child === 'object' && !name.endsWith('Comments') && name !== 'loc') pending.push(child)
      }
    }
  }
  return extracts.sort((left, right) => left.line - right.line)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** The template or text that a node marks as GraphQL. */
function findMarked(node: Node): Node | undefined {
  if (node.type === 'TaggedTemplateExpression') {
    return isMark(node.tag) && isNode(node.quasi) ? node.quasi : undefined
  }
  if (node.type === 'CallExpression') {
    const [first] = Array.isArray(node.arguments) ? node.arguments : []
    return isMark(node.callee) && isText(first) ? first : undefined
  }
  return isText(node) && hasMarkingComment(node) ? node : undefined
}

function isMark(node: unknown): boolean {
  return isNode(node) && node.type === 'Identifier' && marks.has(String(node.name))
}

function isText(node: unknown): node is Node {
  return isNode(node) && (node.type === 'TemplateLiteral' || node.type === 'StringLiteral')
}

function hasMarkingComment({ leadingComments }: Node): boolean {
  return (
    Array.isArray(leadingComments) &&
    leadingComments.some(
      comment => isNode(comment) && String(comment.value).trim().toLowerCase() === 'graphql',
    )
  )
}

function readTemplate(node: Node): Extract {
  const { start } = node.loc as { readonly start: { readonly line: number } }
  if (node.type === 'StringLiteral') return { text: String(node.value), line: start.line }
  const quasis = node.quasis as readonly { readonly value: { readonly cooked?: string } }[]
  return { text: quasis.map(({ value }) => value.cooked ?? '').join('\n'), line: start.line }
}
