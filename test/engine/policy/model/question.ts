import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql'
import type { Viewer } from '../../../../src/engine/index.ts'
import { askOne, askOrder, type Knowledge, type KnownPage } from './ask.ts'
import { createChoices } from './choices.ts'
import type { Village } from './village.ts'

/** The fields of an operation's root, each as it is written in a document. */
export interface Question {
  readonly kind: 'query' | 'mutation'
  readonly fields: readonly string[]
}

/** Asks in the same way each time: the answers are texts that are the same if and only if the answers are, to the byte. */
export interface Asker {
  readonly viewer: Viewer
  readonly schema: GraphQLSchema
  answer(question: Question): Promise<string>
}

/**
 * @param isPastSchema asks the API as an administrator has it, with no more rights: as if a schema were remembered for too
 *   long
 */
export function createAsker({ engine }: Village, viewer: Viewer, isPastSchema: boolean): Asker {
  const schema = isPastSchema ? engine.schema : engine.schemaFor(viewer)
  const run = (source: string) => graphql({ schema, source, contextValue: engine.createContext({ viewer }) })
  return {
    viewer,
    schema,
    answer: async ({ kind, fields }) => {
      const source = (parts: readonly string[]) =>
        `${kind} { ${parts.map((part, index) => `q${index}: ${part}`).join('\n')} }`
      const together = await run(source(fields))
      if (!together.errors || kind === 'mutation') return textOf(together)
      // an error can take all of the answer with it, and errors come in no certain order
      const answers: string[] = []
      for (const field of fields) answers.push(textOf(await run(source([field]))))
      return answers.join('\n')
    },
  }
}

function textOf({ data, errors }: ExecutionResult): string {
  const told = (errors ?? []).map(({ message, path, extensions }) =>
    JSON.stringify({ message, path, extensions }),
  )
  return JSON.stringify({ data, errors: told.toSorted() })
}

/** One root field for each tape. */
export function askAll(
  schema: GraphQLSchema,
  kind: Question['kind'],
  tapes: readonly (readonly number[])[],
  knowledge: Knowledge,
): Question {
  const fields = tapes.map(tape => askOne(schema, kind, createChoices(tape), knowledge))
  return { kind, fields: fields.filter(field => field !== null) }
}

/** The ids of rows that there are and that there are not, and texts that are none. */
export function nodeIdsOf({ datamodel }: Village): readonly string[] {
  const ids = datamodel.models.flatMap(model =>
    [1, 2, 3, 4, 5, 6, 50, 51].map(id =>
      Buffer.from(JSON.stringify([model.typeName, id])).toString('base64url'),
    ),
  )
  return [...ids, '', 'x', 'W10', Buffer.from('["Person","1"]').toString('base64url')]
}

/**
 * Pages of every list in a few orders of the viewer's, as an administrator sees them: with the cursors of rows that the
 * viewer does not see.
 */
export async function findPages(
  { datamodel, query }: Village,
  schema: GraphQLSchema,
  tape: readonly number[],
): Promise<ReadonlyMap<string, readonly KnownPage[]>> {
  const choices = createChoices(tape)
  const wanted = datamodel.models.flatMap(model =>
    [0, 1].map(() => ({ model, orderBy: askOrder(schema, `${model.typeName}Order`, choices) })),
  )
  const pages = new Map<string, KnownPage[]>()
  for (const { model, orderBy } of wanted) {
    const { data, errors } = await query(
      `{ list: ${model.plural}(orderBy: ${orderBy}) { edges { cursor } } }`,
    )
    if (errors || data.list.edges.length === 0) continue
    const cursors = data.list.edges.map((edge: { cursor: string }) => edge.cursor)
    const name = `${model.typeName}Connection`
    pages.set(name, [...(pages.get(name) ?? []), { orderBy, cursors }])
  }
  return pages
}
