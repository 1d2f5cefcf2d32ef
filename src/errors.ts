/**
 * The codes a client can meet in `extensions.code`; each is documented in docs/errors.md.
 * `status` is the HTTP status of a response that holds nothing but such an error.
 */
export const errorCatalogue = {
  BAD_USER_INPUT: { status: 400 },
  GRAPHQL_PARSE_FAILED: { status: 400 },
  GRAPHQL_VALIDATION_FAILED: { status: 400 },
  OPERATION_RESOLUTION_FAILURE: { status: 400 },
  BAD_REQUEST: { status: 400 },
  UNAUTHENTICATED: { status: 401 },
  QUERY_TOO_COSTLY: { status: 400 },
  INTROSPECTION_CLOSED: { status: 403 },
  PERSISTED_DOCUMENT_NOT_FOUND: { status: 404 },
  PERSISTED_DOCUMENT_REQUIRED: { status: 403 },
  PERSISTED_QUERY_NOT_FOUND: { status: 200 },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 200 },
  METHOD_NOT_ALLOWED: { status: 405 },
  REQUEST_TIMEOUT: { status: 408 },
  PAYLOAD_TOO_LARGE: { status: 413 },
  UNSUPPORTED_MEDIA_TYPE: { status: 415 },
  FORBIDDEN: { status: 403 },
  NOT_FOUND: { status: 404 },
  RATE_LIMITED: { status: 429 },
  CURSOR_EXPIRED: { status: 410 },
  SUBSCRIBER_TOO_SLOW: { status: 503 },
  CHANGES_NOT_RECORDED: { status: 501 },
  TIMEOUT: { status: 503 },
  UNAVAILABLE: { status: 503 },
  INTERNAL: { status: 500 },
} as const satisfies Record<string, { readonly status: number }>

export type ErrorCatalogueCode = keyof typeof errorCatalogue

/** An error whose message is meant for the client: it says what was expected and what came. */
export class RefractError extends Error {
  readonly code: ErrorCatalogueCode
  readonly details: Readonly<Record<string, unknown>>

  /** `details` are sent in `extensions` beside the code: plain data, nothing secret. */
  constructor(code: ErrorCatalogueCode, message: string, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'RefractError'
    this.code = code
    this.details = details
  }

  /** The HTTP status for a response that holds nothing but this error. */
  get status(): number {
    return errorCatalogue[this.code].status
  }
}

/**
 * A reason why a command cannot go on, for the terminal: one paragraph that says what was expected, what came and
 * what to do. Printed without a stack; the process exits with code 1.
 */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartError'
  }
}
