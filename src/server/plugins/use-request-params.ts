import type { GraphQLParams, Plugin } from 'graphql-yoga'
import type { DocumentSource } from '../../limits/index.ts'
import type { ServerContext } from '../create-graphql-handler.ts'
import type { ResolvedOptions } from '../options.ts'
import { type RequestParams, readParams } from '../read-params.ts'
import { errorBody } from '../send.ts'

const answerTypes = ['application/graphql-response+json', 'application/json', 'text/event-stream']

/** Reads the parameters in place of Yoga's parsers, which accept more than is safe, and finds the document they mean. */
export function useRequestParams(
  { limits }: Pick<ResolvedOptions, 'limits'>,
  findDocument: DocumentSource,
): Plugin<object, ServerContext> {
  return {
    onRequestParse({ request, serverContext, setRequestParser, endResponse, fetchAPI }) {
      if (request.method !== 'GET' && request.method !== 'POST') {
        // Yoga refuses the method after this hook.
        return
      }
      // Yoga looks at `Accept` after the operation ran: a mutation would be done and its answer withheld.
      if (!isAcceptable(request.headers.get('accept'))) {
        const body = errorBody(
          'BAD_REQUEST',
          `The Accept header of this request allows no media type that GraphQL is answered with, such as ${answerTypes[0]}.`,
        )
        serverContext.record.errorCodes.add('BAD_REQUEST')
        endResponse(fetchAPI.Response.json(body, { status: 406 }))
        return
      }
      setRequestParser(
        async () =>
          serverContext.begun ?? withDocument(await readParams(serverContext.req, limits), findDocument),
      )
    },
  }
}

/** The parameters with the document that they mean. Throws what `findDocument` does. */
export function withDocument(params: RequestParams, findDocument: DocumentSource): GraphQLParams {
  // an array of operations: Yoga refuses it
  if (Array.isArray(params)) return params
  const { documentId, ...rest } = params
  // Yoga checks that it is a text
  return { ...rest, query: findDocument(params) as string }
}

function isAcceptable(accept: string | null): boolean {
  return (accept ?? '*/*').split(',').some(entry => {
    const range = (entry.split(';', 1)[0] ?? '').trim().toLowerCase()
    return answerTypes.some(type => range === '*/*' || range === type || range === `${type.split('/')[0]}/*`)
  })
}
