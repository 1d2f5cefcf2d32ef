import fc from 'fast-check'
import { administrator, createViewer, type EngineConfig } from '../../../../src/engine/index.ts'
import { createTestEngine, fixture, type TestEngine } from '../../../support/engine.ts'
import { arbitraryWorld } from '../../read/model/arbitrary-world.ts'
import { storeWorld } from '../../read/model/store-world.ts'
import type { EqualWorld } from '../model/check-world.ts'

/** What hides columns of some types from some rows, and rows of some models. */
const policies: EngineConfig['policies'] = [
  {
    model: 'thing',
    rules: {
      read: true,
      update: () => ({ is_active: true }),
      delete: () => ({ NOT: { count: { gt: 2 } } }),
      fields: {
        price: { read: () => ({ count: { gt: 0 } }) },
        data: { read: () => ({ is_old: { equals: true } }) },
        place: { read: () => ({ count: { gt: 1 } }) },
        tags: { read: () => ({ is_active: { equals: true } }) },
        box: { read: () => ({ count: { lte: 3 } }) },
        label: { read: () => ({ box_id: { gt: 0 } }) },
      },
    },
  },
  { model: 'box', rules: { read: () => ({ id: { lt: 2 } }) } },
  { model: 'label', rules: { read: true, update: () => ({ thing: { some: { count: { gt: 0 } } } }) } },
  { model: 'passport', rules: { read: () => ({ thing: { is: { is_active: true } } }) } },
  {
    model: 'oddity',
    rules: { read: true, fields: { bigs: { read: () => ({ flags: { has: true } }) } } },
  },
]

const person = createViewer({ id: '1' })

/** Columns of every type, with other rows each time. */
export async function createWideWorld(): Promise<EqualWorld> {
  const reasons: unknown[] = []
  const api = await createTestEngine({
    project: fixture('wide'),
    config: { policies },
    reads: 'compiled',
    onOrdinary: reason => reasons.push(reason),
  })
  const { datamodel } = api.engine
  return {
    name: 'wide',
    api,
    reasons,
    renew: async random => {
      const [data] = fc.sample(arbitraryWorld(datamodel), { numRuns: 1, seed: random.below(2 ** 31) })
      await storeWorld(api, { datamodel, rows: {}, links: {}, ...data })
      await addOddities(api)
      if (random.onceIn(4)) await addUnprintable(api)
    },
    viewer: random => (random.onceIn(2) ? administrator : person),
    close: api.close,
  }
}

async function addOddities({ sql }: TestEngine): Promise<void> {
  await sql(
    `UPDATE thing SET place = point(id * 1.5, CASE WHEN id % 3 = 0 THEN 1e21 ELSE -1e-7 END) WHERE id % 4 > 0`,
  )
  await sql(
    `INSERT INTO oddity (id, address, money, bits, varbits, document, object, clock, json, words, moments, prices, bigs,
                         flags, uuids, jsons, blobs, days, times)
     VALUES (1, '10.0.0.1', 12.5, B'1010', B'101', '<a/>', 7, '10:00:00.123456+00', '{ "a": 1, "b" : [1.0, null] }', '{a,b}',
             '{2024-01-01T00:00:00.123456Z}', '{1.5,2.5000}', '{1,2}', '{true}', '{018f4e9c-7a00-7000-8000-000000000001}',
             array['{"a": 1}', 'null']::jsonb[], '{"\\\\x00"}', '{2024-01-01}', '{10:00:00,10:00:00.5}'),
            (3, '10.0.0.0/8', -0.01, B'0000', B'', '<?xml version="1.0" encoding="UTF-8"?><b>"x"</b>', 2147483647, '23:59:59+02', 'null', '{"a,b","\\"",""}',
             '{2024-01-01T00:00:00Z,1969-12-31T23:59:59.999999Z}', '{}', '{9223372036854775807}', '{false,true}', '{}',
             array['1.50', '"é"']::jsonb[], '{"\\\\xffff",""}', '{}', '{}')`,
  )
  await sql('INSERT INTO oddity (id) VALUES (2)')
  await sql(`INSERT INTO oddity (id, address, document) VALUES (4, 'fe80::1/64', '')`)
}

/** Values that JavaScript does not print, or otherwise than PostgreSQL: an answer with one is left to it. */
async function addUnprintable({ sql }: TestEngine): Promise<void> {
  await sql(`UPDATE thing SET ratio = 'NaN', real_ratio = 'Infinity' WHERE id % 7 = 1`)
  await sql(`UPDATE thing SET created_at = '12024-01-01', local_moment = 'infinity' WHERE id % 7 = 2`)
  await sql(`UPDATE thing SET time = '24:00', day = '0044-03-15 BC', price = 'NaN' WHERE id % 7 = 3`)
  await sql(`UPDATE thing SET place = point('NaN', 1), numbers = '{1,NULL}' WHERE id % 7 = 4`)
  await sql('UPDATE oddity SET object = 3000000000 WHERE id = 2')
  await sql(`UPDATE thing SET numbers = '{{1,2},{3,4}}', tags = '{NULL}' WHERE id % 7 = 5`)
}
