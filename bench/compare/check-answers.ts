import { isDeepStrictEqual } from 'node:util'
import type { RunningContender } from './contenders/index.ts'
import type { BenchQuery, Variables } from './queries/index.ts'

/**
 * Asks all contenders the same with all variables; throws where answers differ. What may differ is how an API writes
 * them: a number as text, the digits of a moment, `nodes` around a list.
 */
export async function checkAnswers(
  query: BenchQuery,
  variables: readonly Variables[],
  contenders: readonly RunningContender[],
): Promise<void> {
  const [first, ...others] = contenders
  if (!first) return
  for (const values of variables) {
    const expected = await askInCommonShape(first, query, values)
    for (const other of others) {
      const got = await askInCommonShape(other, query, values)
      if (isDeepStrictEqual(got, expected)) continue
      throw new Error(
        `${query.id} with ${JSON.stringify(values)} is answered differently:\n` +
          `${first.contender.id}: ${JSON.stringify(expected)}\n${other.contender.id}: ${JSON.stringify(got)}`,
      )
    }
  }
}

async function askInCommonShape(
  running: RunningContender,
  query: BenchQuery,
  variables: Variables,
): Promise<unknown> {
  const data = await running.ask(query, variables)
  const { answer } = data as { readonly answer: unknown }
  const { toCommonShape } = running.contender.questionOf(query) ?? {}
  const shaped = normalize(toCommonShape ? toCommonShape(answer) : answer)
  return query.sort ? query.sort(shaped) : shaped
}

const decimal = /^-?\d+(\.\d+)?$/
const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/

/** The same for the same value, however an API writes it. */
export function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize)
  if (typeof value === 'string') {
    const [second] = moment.exec(value) ?? []
    return second ?? (decimal.test(value) ? Number(value) : value)
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only?.[0] === 'nodes') return normalize(only[1])
  return Object.fromEntries(entries.map(([key, field]) => [key, normalize(field)]))
}
