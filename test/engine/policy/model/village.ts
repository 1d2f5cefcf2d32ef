import { readFile } from 'node:fs/promises'
import type { DatamodelDescription } from '../../../../src/engine/datamodel/description.ts'
import type { Model, ScalarField } from '../../../../src/engine/datamodel/model.ts'
import { createDatamodel, createViewer, type Datamodel, type Viewer } from '../../../../src/engine/index.ts'
import { generateProject, loadProject, openProject } from '../../../../src/project/index.ts'
import {
  createTestEngine,
  fixture,
  type TestEngine,
  type TestEngineOptions,
} from '../../../support/engine.ts'
import type { PlainRow, World, WorldData } from '../../read/model/world.ts'
import { policiesOf, type Rules } from './rules.ts'

/** The village of test/fixtures, under rules that can be exchanged. */
export interface Village extends TestEngine {
  readonly datamodel: Datamodel
  /** From now on these rules hold. Returns a viewer that nothing is remembered of. */
  rule(rules: Rules): Viewer
  /** Replaces all rows. */
  store(data: WorldData): Promise<void>
  /** All rows as they are. */
  load(): Promise<World>
}

/** The join table of the only many-to-many relation. */
export const membership = 'ClubToPerson'

export async function createVillage(
  limits: Readonly<Record<string, number>> = {},
  options: Pick<TestEngineOptions, 'reads' | 'onOrdinary'> = {},
): Promise<Village> {
  const project = openProject(fixture('village'))
  await generateProject(project)
  const datamodel = createDatamodel((await loadProject(project)).datamodel as DatamodelDescription)
  let current: Rules = {}
  let viewers = 0
  const policies = policiesOf(datamodel, () => current)
  const api = await createTestEngine({ project: project.directory, config: { policies, limits }, ...options })
  await api.sql(await readFile(`${project.directory}/rules.sql`, 'utf8'))
  return {
    ...api,
    datamodel,
    rule: rules => {
      current = rules
      viewers += 1
      return createViewer({ id: String(viewers) })
    },
    store: async data => void (await api.sql(storeStatement(datamodel, data))),
    load: () => load(api, datamodel),
  }
}

/** One statement inserts all rows: foreign keys are looked at in its end, so they may go round. */
function storeStatement(datamodel: Datamodel, { rows, links }: WorldData): string {
  const inserts = datamodel.models.map(model => {
    const columns = model.scalars.map(field => `"${field.column}"`).join(', ')
    const records = (rows[model.name] ?? []).map(row =>
      Object.fromEntries(model.scalars.map(field => [field.column, row[field.name] ?? null])),
    )
    const source = `jsonb_populate_recordset(NULL::"${model.table}", $json$${JSON.stringify(records)}$json$)`
    return `i_${model.name} AS (INSERT INTO "${model.table}" (${columns}) SELECT ${columns} FROM ${source})`
  })
  const pairs = (links[membership] ?? []).map(([club, person]) => `(${club}, ${person})`)
  return [
    `DELETE FROM "_${membership}"`,
    ...['Card', 'House', 'Person', 'Club'].map(table => `DELETE FROM "${table}"`),
    `WITH ${inserts.join(', ')} SELECT 1`,
    ...(pairs.length > 0 ? [`INSERT INTO "_${membership}" ("A", "B") VALUES ${pairs.join(', ')}`] : []),
    ...datamodel.models.map(model => `SELECT setval(pg_get_serial_sequence('"${model.table}"', 'id'), 100)`),
  ].join(';\n')
}

async function load({ sql }: TestEngine, datamodel: Datamodel): Promise<World> {
  const tables = datamodel.models.map(
    model =>
      `'${model.name}', (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY id), '[]') FROM "${model.table}" t)`,
  )
  const pairs = `'links', (SELECT coalesce(jsonb_agg(jsonb_build_array("A", "B") ORDER BY "A", "B"), '[]') FROM "_${membership}")`
  const [row] = await sql<{ all: Record<string, unknown> }>(
    `SELECT jsonb_build_object(${[...tables, pairs].join(', ')}) AS all`,
  )
  const rows = datamodel.models.map(model => {
    const found = (row?.all[model.name] ?? []) as PlainRow[]
    return [model.name, found.map(one => plainRow(model, one))]
  })
  return {
    datamodel,
    rows: Object.fromEntries(rows),
    links: { [membership]: row?.all.links as World['links'][string] },
  }
}

function plainRow(model: Model, row: PlainRow): PlainRow {
  const value = (field: ScalarField) => {
    const found = row[field.column] ?? undefined
    return found !== undefined && field.scalar === 'Decimal' ? String(found) : found
  }
  return Object.fromEntries(model.scalars.map(field => [field.name, value(field)]))
}
