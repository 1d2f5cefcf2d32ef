import type { Plugin } from 'graphql-yoga'
import type { ServerContext } from '../create-graphql-handler.ts'
import type { RequestLimits } from '../options.ts'
import { readParams } from '../read-params.ts'
import { errorBody } from '../send.ts'

const answerTypes = ['application/graphql-response+json', 'application/json', 'text/event-stream']

/** Reads the parameters in place of Yoga's parsers, which accept more than is safe. */
export function useRequestParams(limits: RequestLimits): Plugin<object, ServerContext> {
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
      setRequestParser(() => readParams(serverContext.req, limits))
    },
  }
}

function isAcceptable(accept: string | null): boolean {
  return (accept ?? '*/*').split(',').some(entry => {
    const range = (entry.split(';', 1)[0] ?? '').trim().toLowerCase()
    return answerTypes.some(type => range === '*/*' || range === type || range === `${type.split('/')[0]}/*`)
  })
}
