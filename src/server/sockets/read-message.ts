import type { SubscribePayload } from 'graphql-ws'
import { RefractError } from '../../errors.ts'
import { assertJsonDepth, type RequestLimits } from '../../limits/index.ts'
import type { RequestParams } from '../read-params.ts'

/** What a client may send; the other types of the protocol are the server's. */
const clientTypes: readonly unknown[] = ['connection_init', 'ping', 'pong', 'subscribe', 'complete']

export interface ClientMessage {
  readonly type: string
  readonly id: string | undefined
}

/**
 * Returns a message of a client as parsed JSON; undefined for a text that is none. The rest of its shape is checked by
 * graphql-ws.
 */
export function readMessage(
  text: string,
  { nesting }: Pick<RequestLimits, 'nesting'>,
): ClientMessage | undefined {
  const message = parse(text, nesting)
  if (typeof message !== 'object' || message === null || !('type' in message)) return undefined
  if (!clientTypes.includes(message.type)) return undefined
  if (message.type === 'subscribe') nameDocument(message)
  return message as ClientMessage
}

function parse(text: string, nesting: number): unknown {
  try {
    assertJsonDepth(text, nesting)
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RefractError) return undefined
    throw error
  }
}

/** graphql-ws demands the text of a document; an operation may name one that the server knows instead. */
function nameDocument(message: object): void {
  const payload = 'payload' in message ? message.payload : undefined
  if (typeof payload !== 'object' || payload === null || 'query' in payload) return
  if ('documentId' in payload || 'extensions' in payload) Object.assign(payload, { query: '' })
}

/** What a message asks for, as an HTTP request would: without the empty text that stands for a document named otherwise. */
export function toParams({ query, ...rest }: SubscribePayload): RequestParams {
  // what is not as it should be, such as an operation's name that is null, Yoga refuses or passes over as for HTTP
  return (query === '' ? rest : { query, ...rest }) as RequestParams
}
