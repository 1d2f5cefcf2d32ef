import {
  createSourceEventStream,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type FieldNode,
  GraphQLError,
  getOperationAST,
  Kind,
  type SelectionNode,
} from 'graphql'
import type { ChangeEvent } from './changes/change-event.ts'
import { followKey } from './follow-key.ts'
import { liveModelExtension } from './schema/live-models.ts'

export type Results = AsyncIterableIterator<ExecutionResult>

const cursors = new WeakMap<object, string>()

/** The cursor of the event that a result is about: a subscription can go on after it. */
export function cursorOf(result: ExecutionResult): string | undefined {
  return cursors.get(result)
}

/** How the events of a subscription are shared with others. */
export interface Sharing {
  /** The context of an operation for one delivery: nothing in it was loaded before. */
  refresh(context: unknown): object
  /** What all those have in common who get the same answer to the same event; undefined for an answer of one's own. */
  keyOf(args: ExecutionArgs): string | undefined
  /** The answers of a live query. */
  openLive(args: ExecutionArgs): Promise<Results | ExecutionResult>
}

/**
 * Runs a subscription: graphql-js's `subscribe`, with a new context for each event, and with answers that are worked out
 * once for all who get the same one.
 *
 * What goes wrong with the source of the events is the last result.
 */
export async function runSubscription(
  args: ExecutionArgs,
  sharing: Sharing,
): Promise<Results | ExecutionResult> {
  if (isLive(args)) return sharing.openLive(args)
  const keyNow = followKey(args, sharing)
  const source = await createSourceEventStream(args)
  if (!(Symbol.asyncIterator in source)) return source
  return createResults(source[Symbol.asyncIterator](), event => answer(args, sharing, keyNow(), event))
}

/** The operation is valid, so it has one root field, which may stand in a fragment. */
function isLive({ document, schema, operationName }: ExecutionArgs): boolean {
  const operation = getOperationAST(document, operationName)
  const selection = firstField(document, operation?.selectionSet.selections[0])
  const field = selection && schema.getSubscriptionType()?.getFields()[selection.name.value]
  return field?.extensions[liveModelExtension] !== undefined
}

function firstField(document: DocumentNode, selection: SelectionNode | undefined): FieldNode | undefined {
  if (!selection || selection.kind === Kind.FIELD) return selection
  if (selection.kind === Kind.INLINE_FRAGMENT)
    return firstField(document, selection.selectionSet.selections[0])
  const name = selection.name.value
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name)
      return firstField(document, definition.selectionSet.selections[0])
  }
  return undefined
}

/** Not an async generator: `return` of one that waits for an event would wait along with it. */
function createResults(
  source: AsyncIterator<unknown>,
  answerTo: (event: unknown) => readonly (ExecutionResult | Promise<ExecutionResult>)[],
): Results {
  let waiting: (ExecutionResult | Promise<ExecutionResult>)[] = []
  let isOver = false
  const done = { done: true, value: undefined } as const
  return {
    async next() {
      while (!isOver && waiting.length === 0) {
        try {
          const { done: isLast, value } = await source.next()
          if (isLast) isOver = true
          else waiting.push(...answerTo(value))
        } catch (error) {
          if (!(error instanceof Error)) throw error
          isOver = true
          return {
            done: false,
            value: { errors: [new GraphQLError(error.message, { originalError: error })] },
          }
        }
      }
      const result = waiting.shift()
      return result === undefined || isOver ? done : { done: false, value: await result }
    },
    async return() {
      isOver = true
      waiting = []
      await source.return?.()
      return done
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function answer(
  args: ExecutionArgs,
  sharing: Sharing,
  key: string | undefined,
  event: unknown,
): readonly (ExecutionResult | Promise<ExecutionResult>)[] {
  if (!isDelivery(event)) {
    return [
      asPromise(execute({ ...args, rootValue: event, contextValue: sharing.refresh(args.contextValue) })),
    ]
  }
  const own = new Map<string, unknown>()
  // all at once, so that what they load is loaded together
  return event.map(one =>
    shared(key === undefined ? own : one.results, key ?? one.cursor, () => {
      const contextValue = shared(key === undefined ? own : one.delivery, key ?? 'context', () =>
        sharing.refresh(args.contextValue),
      )
      return withCursor(one, asPromise(execute({ ...args, rootValue: one, contextValue })))
    }),
  )
}

/** A subscription of an extension's own can have lists for events as well. */
function isDelivery(event: unknown): event is readonly ChangeEvent[] {
  const first: unknown = Array.isArray(event) ? event[0] : undefined
  return typeof first === 'object' && first !== null && 'delivery' in first && first.delivery instanceof Map
}

function shared<Value>(known: Map<string, unknown>, key: string, make: () => Value): Value {
  if (!known.has(key)) known.set(key, make())
  return known.get(key) as Value
}

async function withCursor(event: ChangeEvent, result: Promise<ExecutionResult>): Promise<ExecutionResult> {
  const answered = await result
  cursors.set(answered, event.cursor)
  return answered
}

/** Who gets it later is to hear of a failure, and nobody else. */
function asPromise(result: ExecutionResult | Promise<ExecutionResult>): Promise<ExecutionResult> {
  const promise = Promise.resolve(result)
  promise.catch(() => undefined)
  return promise
}
