import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { createRandom, type Random } from '../../src/app/seed/random.ts'
import type { World } from './world.ts'

/** How the transactions of the writers ended. */
export interface WriterCounts {
  committed: number
  rolledBack: number
  /** By the database: waiting for each other. */
  deadlocked: number
  /** Their connection was lost: those that were committing may be committed or not. */
  brokenOff: number
  /** Changes in the log, by what was committed as far as it is known. */
  changes: number
}

export interface Writers {
  readonly counts: Readonly<WriterCounts>
  /** Resolves when as many changes are committed as were asked for. */
  readonly done: Promise<void>
}

interface Shared {
  readonly world: World
  readonly counts: WriterCounts
  /** Issues that are there, or were. */
  readonly issues: string[]
  /** How many changes are due by now. */
  due(): number
  readonly target: number
}

const writerCount = 4
const fewIssues = 500
const manyIssues = 2_000

/**
 * Writes a little of everything, one after the other, until there is an event for each subscriber: what came first for her is
 * certain only while nobody else writes.
 */
export async function writeFirst(
  url: string,
  { teams, author }: World,
  hasEverybodyOne: () => boolean,
): Promise<void> {
  const client = await connect(url)
  while (!hasEverybodyOne()) {
    for (const [index, team] of teams.entries()) {
      const id = randomUUID()
      const next = teams[(index + 1) % teams.length]
      await insert(client, [[id], team, author, 'TODO', 'URGENT'])
      await journal(client, 'UPDATE', `UPDATE issues SET status = 'DONE' WHERE id = $1`, [id])
      await journal(client, 'UPDATE', 'UPDATE issues SET team_id = $2 WHERE id = $1', [id, next])
      await journal(client, 'DELETE', 'DELETE FROM issues WHERE id = $1', [id])
    }
    await wait(500)
  }
  await client.end()
}

/** Writes from several connections at once, in transactions that overlap, `changes` changes in so many milliseconds. */
export function startWriters(
  url: string,
  world: World,
  { changes, milliseconds, seed }: { changes: number; milliseconds: number; seed: string },
): Writers {
  const startedAt = performance.now()
  const counts = { committed: 0, rolledBack: 0, deadlocked: 0, brokenOff: 0, changes: 0 }
  const shared: Shared = {
    ...{ world, counts, issues: [], target: changes },
    due: () => (changes * (performance.now() - startedAt)) / milliseconds,
  }
  const writers = Array.from({ length: writerCount }, (_, number) =>
    write(url, shared, createRandom(`${seed} writer ${number}`)),
  )
  return { counts, done: Promise.all(writers).then(() => undefined) }
}

async function write(url: string, shared: Shared, random: Random): Promise<void> {
  const { counts } = shared
  let client: pg.Client | undefined
  while (counts.changes < shared.target) {
    if (counts.changes > shared.due()) {
      await wait(random.integer(5, 50))
      continue
    }
    try {
      client ??= await connect(url)
      await runTransaction(client, shared, random)
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === '40P01') {
        counts.deadlocked += 1
        await client?.query('ROLLBACK').catch(() => undefined)
        continue
      }
      if (!isLost(error)) throw error
      if (client) counts.brokenOff += 1
      await client?.end().catch(() => undefined)
      client = undefined
      await wait(200)
    }
  }
  await client?.end()
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client(url)
  // the statement that needs it fails, too
  client.on('error', () => undefined)
  await client.connect()
  return client
}

/** The server is going down, is away, or is coming up. */
function isLost(error: unknown): boolean {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  return /^(57P|08|ECONN|EPIPE)/.test(code ?? '') || /terminated|not queryable|connection/i.test(message)
}

async function runTransaction(client: pg.Client, shared: Shared, random: Random): Promise<void> {
  const { counts } = shared
  await client.query('BEGIN')
  let changes = 0
  const made: string[] = []
  for (let statements = random.integer(1, 5); statements > 0; statements -= 1) {
    const isUndone = random.chance(0.1)
    if (isUndone) await client.query('SAVEPOINT part')
    const written = await writeSomething(client, shared, random)
    if (isUndone) await client.query('ROLLBACK TO SAVEPOINT part')
    else {
      changes += written.changes
      made.push(...written.made)
    }
    // some stay open for so long that all others are held back
    await wait(random.chance(0.01) ? random.integer(300, 1_500) : random.integer(0, 15))
  }
  const isKept = !random.chance(0.15)
  await client.query(isKept ? 'COMMIT' : 'ROLLBACK')
  if (!isKept) {
    counts.rolledBack += 1
    return
  }
  counts.committed += 1
  counts.changes += changes
  shared.issues.push(...made)
}

interface Written {
  readonly changes: number
  readonly made: readonly string[]
}

/** One statement. It writes its rows to the journal as well, by the same statement. */
async function writeSomething(client: pg.Client, shared: Shared, random: Random): Promise<Written> {
  const { world, issues } = shared
  const isFull = issues.length > manyIssues
  const act = random.weighted({
    insert: isFull ? 5 : 30,
    update: 45,
    move: 5,
    nothing: 5,
    many: 5,
    remove: isFull ? 30 : 5,
  })
  if (act === 'insert' || issues.length < fewIssues) {
    const made = Array.from({ length: random.integer(1, 3) }, () => randomUUID())
    const team = random.pick(world.teams)
    const changes = await insert(client, [
      ...[made, team, world.author],
      ...[random.pick(statuses), random.pick(priorities)],
    ])
    return { changes, made }
  }
  const id = random.pick(issues)
  if (act === 'nothing') {
    await client.query('UPDATE issues SET title = title WHERE id = $1', [id])
    return { changes: 0, made: [] }
  }
  if (act === 'remove') {
    issues.splice(issues.indexOf(id), 1)
    return await journal(client, 'DELETE', 'DELETE FROM issues WHERE id = $1', [id])
  }
  if (act === 'move') {
    // the number in the new team counts that up: two changes
    const set = 'UPDATE issues SET team_id = $2 WHERE id = $1 AND team_id <> $2'
    const { changes } = await journal(client, 'UPDATE', set, [id, random.pick(world.teams)])
    return { changes: changes * 2, made: [] }
  }
  if (act === 'update') {
    const set = `UPDATE issues SET ${randomColumn(random)} WHERE id = $1`
    return await journal(client, 'UPDATE', set, [id])
  }
  const some = random.sample(issues, random.integer(2, 20)).toSorted()
  const set = `UPDATE issues SET status = $2::text::issue_status WHERE id = ANY ($1::uuid[]) AND status <> $2::text::issue_status`
  return await journal(client, 'UPDATE', set, [some, random.pick(statuses)])
}

const statuses = ['BACKLOG', 'TODO', 'IN_PROGRESS', 'IN_REVIEW', 'DONE', 'CANCELLED']
const priorities = ['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT']

/** Returns how many changes that is: each issue counts up its team as well. */
async function insert(client: pg.Client, values: readonly unknown[]): Promise<number> {
  const { changes } = await journal(
    client,
    'INSERT',
    `INSERT INTO issues (id, team_id, author_id, title, status, priority, updated_at)
     SELECT unnest($1::uuid[]), $2, $3, 'Written by the soak', $4::issue_status, $5::issue_priority, now()`,
    values,
  )
  return changes * 2
}

function randomColumn(random: Random): string {
  return random.weighted({ status: 6, priority: 3, title: 2, both: 1 }) === 'title'
    ? `title = 'Title ' || ${random.integer(1, 1_000_000)}`
    : `status = '${random.pick(statuses)}', priority = '${random.pick(priorities)}', estimate = coalesce(estimate, 0) + 1`
}

async function journal(
  client: pg.Client,
  operation: string,
  sql: string,
  values: readonly unknown[],
): Promise<Written> {
  const { rowCount } = await client.query(
    `WITH written AS (${sql} RETURNING id)
     INSERT INTO soak.journal (operation, issue_id) SELECT '${operation}', id FROM written`,
    [...values],
  )
  return { changes: rowCount ?? 0, made: [] }
}
