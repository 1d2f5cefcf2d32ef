import type { Model } from '../../datamodel/model.ts'
import { delegateOf, type Row, type Select } from '../client.ts'
import { atLocation } from '../database-errors/located-error.ts'
import { keyFields, selectFields } from '../key.ts'
import { assertPresets } from './assert-presets.ts'
import { assertReferences } from './assert-references.ts'
import { checkCreated } from './authorize.ts'
import { findKnown } from './find-targets.ts'
import { createDraft, draftData, hasJoins, linkSelect, type RowDraft } from './row-draft.ts'
import { runAfterCreates, runBefore } from './run-relations.ts'
import { writePoints } from './write-points.ts'
import type { RowCreation, WriteScope } from './write-scope.ts'

/**
 * Creates rows of one model and all that is nested in them: the rows of each model in one statement, where no
 * many-to-many relation is written along and nothing nested is but created. What they refer to has to be there before them: one of the rows cannot
 * connect another. They have to be rows that the policy lets the caller create.
 *
 * @param select what to return of each row; without it, the link columns
 */
export async function createRows(
  scope: WriteScope,
  creations: readonly RowCreation[],
  select?: Select,
): Promise<Row[]> {
  const [first] = creations
  if (!first) return []
  const drafts = creations.map(({ plan, preset }) => createDraft(plan, preset))
  for (const { plan, preset } of creations) assertPresets(scope, plan.model, 'create', preset, plan.path)
  const plans = creations.map(({ plan }) => plan)
  const known = plans.length > 1 ? await findKnown(scope, plans) : new Map<string, Row>()
  for (const draft of drafts) await runBefore({ ...scope, known }, draft, null)
  await assertReferences(scope, drafts)
  const { model } = first.plan
  const rows = await insertRows(scope, model, drafts, {
    ...keySelect(model),
    ...(select ?? linkSelect(model)),
  })
  await checkCreated(
    scope,
    model,
    drafts.map(({ plan }, index) => ({
      row: rows[index] ?? {},
      path: plan.path,
      fields: [...plan.fields, ...plan.linked],
    })),
  )
  for (const [index, draft] of drafts.entries()) {
    const row = rows[index]
    if (!row) throw new Error(`The database took ${rows.length} of ${drafts.length} new rows.`)
    await writePoints(scope, draft.plan, row)
  }
  await runAfterCreates(scope, drafts, rows)
  return rows
}

/** The columns that find a row again. */
function keySelect(model: Model): Select {
  return selectFields(keyFields(model).map(field => field.name))
}

function insertRows(
  scope: WriteScope,
  model: Model,
  drafts: readonly RowDraft[],
  select: Select,
): Promise<Row[]> {
  const isFlat = Object.values(select).every(value => value === true)
  const isJoined = drafts.some(hasJoins)
  const isTogether = drafts.length > 1 && isFlat && !isJoined && !scope.isRowByRow
  return isTogether ? insertTogether(scope, model, drafts, select) : insertEach(scope, model, drafts, select)
}

function insertTogether(
  scope: WriteScope,
  model: Model,
  drafts: readonly RowDraft[],
  select: Select,
): Promise<Row[]> {
  const path = drafts[0]?.plan.path.slice(0, -1) ?? []
  const location = { model, action: 'create', path, origins: new Map(), isBatch: true } as const
  return atLocation(location, () =>
    delegateOf(scope.database, model).createManyAndReturn({
      data: drafts.map(({ values }) => values),
      select,
    }),
  )
}

async function insertEach(
  scope: WriteScope,
  model: Model,
  drafts: readonly RowDraft[],
  select: Select,
): Promise<Row[]> {
  const rows: Row[] = []
  for (const draft of drafts) {
    const { path } = draft.plan
    const location = { model, action: 'create', path, origins: draft.origins, isBatch: false } as const
    const data = draftData(draft, relation => scope.datamodel.model(relation.target))
    rows.push(
      await atLocation(location, () =>
        delegateOf(scope.database, model).create({ data, select, relationLoadStrategy: 'query' }),
      ),
    )
  }
  return rows
}
