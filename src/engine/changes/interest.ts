import { RefractError } from '../../errors.ts'
import type { Datamodel, Model } from '../datamodel/model.ts'
import type { Where } from '../operations/client.ts'
import { type Scope, visible } from '../operations/scope.ts'
import { translateFilter } from '../operations/where/translate-filter.ts'
import { isEveryRow } from '../policy/logic.ts'
import type { Viewer } from '../policy/viewer.ts'
import type { ChangeRequest } from './change-feed.ts'
import type { Interest } from './match-changes.ts'

/**
 * What a request may see and wants, at this moment: rules of a policy can look at more than the viewer.
 *
 * @throws RefractError BAD_USER_INPUT for a filter that no row could be compared with
 */
export type InterestOf = (request: Pick<ChangeRequest, 'viewer' | 'model' | 'filter'>) => Promise<Interest>

export function createInterestOf(scopeFor: (viewer: Viewer) => Scope): InterestOf {
  return async ({ viewer, model, filter }) => {
    const scope = scopeFor(viewer)
    assertNoSearch(scope.datamodel, model, filter)
    const access = scope.access.of(model)
    const where = await translateFilter(scope, model, filter)
    const fields = new Map<string, Where>()
    for (const { name } of [...model.scalars, ...model.unsupported]) {
      const { read } = access.field(name)
      if (!isEveryRow(read)) fields.set(name, read)
    }
    return { model, visible: access.read, wanted: visible(scope, model, where), fields }
  }
}

type Filter = Readonly<Record<string, unknown>>

/** Words are searched for in rows as they are stored; a row as it was before a change is not. */
function assertNoSearch(datamodel: Datamodel, model: Model, filter: unknown): void {
  if (typeof filter !== 'object' || filter === null) return
  if (Array.isArray(filter)) {
    for (const part of filter) assertNoSearch(datamodel, model, part)
    return
  }
  for (const [name, value] of Object.entries(filter as Filter)) {
    const field = model.fields.find(({ graphqlName }) => graphqlName === name)
    if (name === 'AND' || name === 'OR' || name === 'NOT') assertNoSearch(datamodel, model, value)
    else if (field?.kind === 'relation' && typeof value === 'object' && value !== null)
      for (const part of Object.values(value)) assertNoSearch(datamodel, datamodel.model(field.target), part)
    else if (name === 'search' && field?.kind !== 'scalar')
      throw new RefractError(
        'BAD_USER_INPUT',
        'A subscription cannot `search`: filter by `contains` and the like.',
      )
  }
}
