import { getOrCreate } from '../../../lib/get-or-create.ts'
import type { Model } from '../../datamodel/model.ts'
import { everyRow } from '../../policy/logic.ts'
import type { Where } from '../client.ts'
import type { Scope } from '../scope.ts'
import { type SearchInput, searchCondition } from './search.ts'

/** The full-text searches of a filter: each takes a statement. */
export class Searches {
  readonly #scope: Scope
  readonly #found = new Map<Model, Map<SearchInput, Where | null>>()

  constructor(scope: Scope) {
    this.#scope = scope
  }

  /** The rows that a search finds. Before it is sent it is noted, and every row stands for those that it will find. */
  of(model: Model, search: SearchInput): Where {
    const found = getOrCreate(this.#found, model, () => new Map<SearchInput, Where | null>())
    const where = found.get(search)
    if (where === undefined) found.set(search, null)
    return where ?? everyRow
  }

  /** Sends what was noted, all at once. */
  async run(): Promise<void> {
    const noted = [...this.#found].flatMap(([model, found]) =>
      [...found.keys()].map(async search => {
        found.set(search, await searchCondition(this.#scope, model, search))
      }),
    )
    await Promise.all(noted)
  }
}

/** Whether a filter may hold a search. A column of JSON, too, may be compared with something of that name. */
export function holdsSearch(filter: Readonly<Record<string, unknown>>): boolean {
  const pending: unknown[] = [filter]
  while (pending.length > 0) {
    const part = pending.pop()
    if (typeof part !== 'object' || part === null) continue
    if (Object.hasOwn(part, 'search')) return true
    for (const item of Object.values(part)) pending.push(item)
  }
  return false
}
