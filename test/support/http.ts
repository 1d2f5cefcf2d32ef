/** An answer of a GraphQL server as a test looks at it. */
export interface GraphQLAnswer {
  readonly status: number
  readonly headers: Headers
  readonly data: unknown
  readonly errors: readonly GraphQLAnswerError[]
}

export interface GraphQLAnswerError {
  readonly message: string
  readonly path?: readonly (string | number)[]
  readonly extensions: Readonly<Record<string, unknown>>
}

/** Sends an operation by POST. `url` is the server's, without a path; throws when the answer is not JSON. */
export async function graphqlFetch(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<GraphQLAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json',
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
  })
  return readAnswer(response)
}

/** Returns a response of a GraphQL server as an answer. */
export async function readAnswer(response: Response): Promise<GraphQLAnswer> {
  const body = (await response.json()) as { data?: unknown; errors?: readonly GraphQLAnswerError[] }
  return { status: response.status, headers: response.headers, data: body.data, errors: body.errors ?? [] }
}
