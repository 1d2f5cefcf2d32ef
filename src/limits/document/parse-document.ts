import { type DocumentNode, Lexer, type ParseOptions, parse, Source, TokenKind } from 'graphql'
import { exceeded } from '../exceeded.ts'
import type { RequestLimits } from '../request-limits.ts'
import { assertDocument } from './assert-document.ts'

const opening: ReadonlySet<string> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L])
const closing: ReadonlySet<string> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R])

/**
 * Parses a document within bounds. The tokens are counted first, in a flat loop: the parser is recursive and would end
 * its stack on a document a few thousand levels deep. What can be counted in the parsed document is counted before
 * anybody validates it: several of the rules compare everything with everything.
 *
 * @throws GraphQLError for a syntax error
 * @throws RefractError GRAPHQL_PARSE_FAILED or GRAPHQL_VALIDATION_FAILED that names the limit
 */
export function parseDocument(
  text: string | Source,
  limits: RequestLimits,
  options?: ParseOptions,
): DocumentNode {
  const source = typeof text === 'string' ? new Source(text) : text
  assertDocumentSize(source, limits)
  const document = parse(source, options)
  assertDocument(document, limits)
  return document
}

function assertDocumentSize(source: Source, limits: RequestLimits): void {
  const { documentCharacters, documentTokens, nesting } = limits
  if (source.body.length > documentCharacters) {
    const message = `This document has more than ${documentCharacters} characters, the most that is accepted.`
    throw exceeded('GRAPHQL_PARSE_FAILED', 'documentCharacters', documentCharacters, message)
  }
  const lexer = new Lexer(source)
  let tokens = 0
  let depth = 0
  for (let token = lexer.advance(); token.kind !== TokenKind.EOF; token = lexer.advance()) {
    tokens++
    if (tokens > documentTokens) {
      const message = `This document has more than ${documentTokens} tokens, the most that is accepted.`
      throw exceeded('GRAPHQL_PARSE_FAILED', 'documentTokens', documentTokens, message)
    }
    if (opening.has(token.kind)) {
      depth++
      if (depth > nesting) {
        const message = `This document nests deeper than ${nesting} levels of brackets, the most that is accepted.`
        throw exceeded('GRAPHQL_PARSE_FAILED', 'nesting', nesting, message)
      }
    } else if (closing.has(token.kind)) {
      depth--
    }
  }
}
