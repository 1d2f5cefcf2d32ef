import { type DocumentNode, GraphQLError, Lexer, type ParseOptions, parse, Source, TokenKind } from 'graphql'
import type { RequestLimits } from './options.ts'

type DocumentLimits = Pick<RequestLimits, 'documentTokens' | 'nesting'>

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/**
 * Parses a document within bounds. The tokens are counted first, in a flat loop: the parser is recursive and would end
 * its stack on a document a few thousand levels deep.
 *
 * Throws a GraphQLError: a syntax error, or one that names the limit.
 */
export function parseDocument(
  text: string | Source,
  limits: DocumentLimits,
  options?: ParseOptions,
): DocumentNode {
  const source = typeof text === 'string' ? new Source(text) : text
  assertDocumentSize(source, limits)
  return parse(source, options)
}

function assertDocumentSize(source: Source, { documentTokens, nesting }: DocumentLimits): void {
  const lexer = new Lexer(source)
  let tokens = 0
  let depth = 0
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    tokens++
    if (tokens > documentTokens) {
      throw new GraphQLError(
        `This document has more than ${documentTokens} tokens, the most that is accepted.`,
      )
    }
    if (opening.has(token.kind)) {
      depth++
      if (depth > nesting) {
        throw new GraphQLError(
          `This document nests deeper than ${nesting} levels of brackets, the most that is accepted.`,
        )
      }
    } else if (closing.has(token.kind)) {
      depth--
    }
  }
}
