import type { ExecutionResult } from 'graphql'
import { processRegularResult } from 'graphql-yoga'
import { JsonText } from '../lib/json-text.ts'
import { printJson } from '../lib/print-json.ts'
import type { ServerAnswer } from './server-answer.ts'

/** Media types of answers that are one JSON text. */
export type ResultMediaType = 'application/json' | 'application/graphql-response+json'

/** What Yoga makes of a result. */
class Answer {
  readonly body: string
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(body: string, init: Pick<Answer, 'status' | 'headers'>) {
    this.body = body
    this.status = init.status
    this.headers = init.headers
  }
}

const fetchApi = { Response: Answer } as unknown as Parameters<typeof processRegularResult>[1]

/** Ends a response with a result. Its status, its headers and how errors are printed are Yoga's own doing. */
export function sendResult(
  response: ServerAnswer,
  result: ExecutionResult,
  mediaType: ResultMediaType,
): void {
  if (response.closed || response.destroyed || response.writableEnded) return
  const made: unknown = processRegularResult(printable(result), fetchApi, mediaType)
  const { status, headers, body } = made as Answer
  for (const name in headers) response.setPlain(name, headers[name] as string)
  response.sendBody(status, body)
}

/** With a way to print it where `JSON.stringify` would parse its text first. */
export function printable(result: ExecutionResult): ExecutionResult & Printed {
  return (result.data as unknown) instanceof JsonText ? { ...result, stringify: printJson } : result
}

/** Yoga asks a result itself how it is printed. */
interface Printed {
  readonly stringify?: (result: object) => string
}
