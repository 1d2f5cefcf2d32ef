/**
 * What the triggers that record changes add to a write: the same statements on tables of the example, each a transaction
 * of its own, with and without the triggers, in rounds that take turns. For a PostgreSQL server where databases may be
 * created:
 *
 *   node --import tsx bench/record-changes.ts postgresql://postgres@127.0.0.1:5432/postgres
 */
import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import pg from 'pg'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '30' }, statements: { type: 'string', default: '100' } },
})
const [serverUrl = 'postgresql://postgres@127.0.0.1:5432/postgres'] = positionals
const rounds = Number(values.rounds)
const statements = Number(values.statements)

const migrations = new URL('../prisma/migrations/', import.meta.url)
const author = '00000000-0000-4000-8000-000000000001'
const team = '00000000-0000-4000-8000-000000000002'
const prepare = `
  INSERT INTO users (id, email, name, handle, updated_at) VALUES ('${author}', 'a@b.c', 'Ann', 'ann', now());
  INSERT INTO teams (id, key, name, updated_at) VALUES ('${team}', 'ENG', 'Engineering', now())`
const columns = 'id, team_id, author_id, title, description, priority, updated_at'
const row = `gen_random_uuid(), '${team}', '${author}', 'The printer prints in green', repeat('Every word of it. ', 20), 'HIGH', now()`

type Subject = { readonly name: string; readonly clients: readonly pg.Client[] }
type Work = (client: pg.Client, turn: number) => Promise<unknown>

const insertOne: Work = client => client.query(`INSERT INTO issues (${columns}) VALUES (${row})`)
const updateOne: Work = (client, turn) =>
  client.query(
    `UPDATE issues SET title = 'Title ' || $1::text WHERE team_id = '${team}' AND number = 1 + $1::int % 1000`,
    [turn],
  )
/** Without triggers of the example's own: that of an issue also counts up its team, which is a second change. */
const insertLabel: Work = client =>
  client.query(
    `INSERT INTO labels (id, team_id, name, color)
     VALUES (gen_random_uuid(), '${team}', gen_random_uuid(), '#123456')`,
  )
const insertMany: Work = client =>
  client.query(`INSERT INTO issues (${columns}) SELECT ${row} FROM generate_series(1, 1000)`)

async function open(name: string, isRecorded: boolean): Promise<Subject> {
  const admin = new pg.Client(serverUrl)
  await admin.connect()
  await admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`)
  await admin.query(`CREATE DATABASE "${name}"`)
  await admin.end()
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const clients = Array.from({ length: 8 }, () => new pg.Client(url.href))
  await Promise.all(clients.map(client => client.connect()))
  const [client] = clients
  for (const folder of readdirSync(migrations)
    .filter(entry => /^\d/.test(entry))
    .toSorted()) {
    if (isRecorded || !folder.endsWith('record_changes'))
      await client?.query(readFileSync(new URL(`${folder}/migration.sql`, migrations), 'utf8'))
  }
  await client?.query(prepare)
  await client?.query(`INSERT INTO issues (${columns}) SELECT ${row} FROM generate_series(1, 1000)`)
  await client?.query('VACUUM ANALYZE')
  return { name, clients }
}

/** Milliseconds that a statement takes, by `connections` at once. */
async function time(
  { clients }: Subject,
  work: Work,
  { repeats, connections = 1 }: { readonly repeats: number; readonly connections?: number },
): Promise<number> {
  const began = performance.now()
  await Promise.all(
    clients.slice(0, connections).map(async (client, index) => {
      for (let turn = 0; turn < repeats / connections; turn++) await work(client, turn * connections + index)
    }),
  )
  return (performance.now() - began) / repeats
}

async function compare(
  label: string,
  subjects: readonly [Subject, Subject],
  work: Work,
  options: { readonly repeats: number; readonly connections?: number },
): Promise<void> {
  const times: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    for (const index of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const))
      times[index].push(await time(subjects[index], work, options))
  }
  const [without, recorded] = [median(times[0]), median(times[1])]
  const ratio = (recorded / without).toFixed(2)
  process.stdout.write(
    `${label.padEnd(34)} ${without.toFixed(3)} ms without, ${recorded.toFixed(3)} ms with: ${ratio}\n`,
  )
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

const subjects = [await open('bench_without', false), await open('bench_recorded', true)] as const
await compare('INSERT of a label', subjects, insertLabel, { repeats: statements })
await compare('INSERT of an issue', subjects, insertOne, { repeats: statements })
await compare('UPDATE of an issue', subjects, updateOne, { repeats: statements })
await compare('UPDATE of an issue, 8 connections', subjects, updateOne, {
  repeats: statements * 4,
  connections: 8,
})
await compare('INSERT of 1,000 issues', subjects, insertMany, { repeats: 1 })
for (const { clients } of subjects) await Promise.all(clients.map(client => client.end()))
