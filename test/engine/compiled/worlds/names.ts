import { administrator, createViewer, type EngineConfig } from '../../../../src/engine/index.ts'
import { createTestEngine, fixture } from '../../../support/engine.ts'
import type { EqualWorld } from '../model/check-world.ts'

const everybody = [
  ...['User', 'UserGroup', 'UserConnection', 'Node', 'Date', 'Query', 'StringFilter', 'Card', 'card_owner'],
  ...['measurement', 'loose', 'user_summary', 'user_total', 'shape', 'ledger', 'book', 'person'],
]

const policies: EngineConfig['policies'] = [
  ...everybody.map(model => ({ model, rules: { read: true } })),
  { model: 'news', rules: { read: () => ({ author: { kind: { equals: 'special' } } }), update: true } },
  { model: 'UserFilter', rules: { read: () => ({ user: { groups: { some: {} } } }) } },
]

/** Names and keys that are easily got wrong: of the API's own words, of several columns, of bytes, moments and long numbers. */
export async function createNamesWorld(): Promise<EqualWorld> {
  const reasons: unknown[] = []
  const api = await createTestEngine({
    project: fixture('names'),
    config: { policies },
    reads: 'compiled',
    onOrdinary: reason => reasons.push(reason),
  })
  for (const statement of rows) await api.sql(statement)
  const reader = createViewer({ id: '1' })
  return {
    name: 'names',
    api,
    reasons,
    renew: async () => undefined,
    viewer: random => (random.onceIn(2) ? administrator : reader),
    close: api.close,
  }
}

const uuid = `('00000000-0000-4000-8000-00000000000' || i)::uuid`

// Prisma cannot tell two measurements of one millisecond apart, so that there are none here
const rows = [
  `CREATE VIEW user_summary AS SELECT name, count(*) AS total FROM "User" GROUP BY name`,
  `CREATE VIEW user_total AS SELECT author_id AS user_id, count(*) AS total FROM news WHERE author_id IS NOT NULL GROUP BY 1`,
  `INSERT INTO "User" (name, kind) VALUES ('ann', 'PLAIN KIND'), ('bob "b"', 'special-kind'), ('', 'true'), ('ann', NULL)`,
  `INSERT INTO "UserGroup" (title) VALUES ('a'), ('b')`,
  `INSERT INTO "_UserToUserGroup" ("A", "B") VALUES (1, 1), (1, 2), (2, 2)`,
  `INSERT INTO "UserFilter" (id, user_id) VALUES (7, 1), (8, 3)`,
  `INSERT INTO "UserConnection" (id) VALUES (1)`,
  `INSERT INTO "Node" (id, "nodeId", note) VALUES (1, 'x', 'a'), (2, 'y', NULL)`,
  `INSERT INTO "Date" (id, day) VALUES (1, '2024-02-29'), (2, '0001-01-01')`,
  `INSERT INTO "Query" (id, text) VALUES (1, '{ a }'), (2, E'\\n')`,
  `INSERT INTO "StringFilter" (id) VALUES (1)`,
  `INSERT INTO news (id, version, author_id) VALUES (1, 1, 1), (2, 5, 2), (3, 2, NULL), (4, 1, 2)`,
  `INSERT INTO person (bytes_id) VALUES ('\\x00ff'), ('\\x'), ('\\x7b7d')`,
  `INSERT INTO "Card" (id, user_id) SELECT ${uuid}, i FROM generate_series(1, 3) i`,
  `INSERT INTO card_owner (card_id, person_id, since)
   SELECT ${uuid}, CASE WHEN i = 1 THEN '\\x00ff'::bytea ELSE '\\x'::bytea END, '2024-01-01'::date + i FROM generate_series(1, 2) i`,
  `INSERT INTO measurement (sensor, at, value)
   SELECT s, '2024-01-01T00:00:00.123456Z'::timestamptz + i * interval '1001 microseconds', i / 4.0
   FROM unnest(ARRAY['a', 'b']) s, generate_series(0, 4) i`,
  `INSERT INTO loose (a, b, c, data) VALUES (1, 1, 'x', '{"b": 1, "a": 1.0}'), (2, NULL, 'y', 'null'), (NULL, 2, 'z', NULL), (NULL, NULL, 'w', '"é"')`,
  `INSERT INTO shape (id, outline) VALUES (1, '((0,0),(1,1))'), (2, '((0,0),(1,0),(1,1))')`,
  `INSERT INTO book (id) VALUES (1), (2)`,
  `INSERT INTO ledger (number, book_id) VALUES (12345678901234567890.1234, 1), (12345678901234567890.1235, 1), (-0.5, 2)`,
]
