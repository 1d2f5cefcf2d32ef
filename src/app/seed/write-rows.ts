import type { Prisma, PrismaClient } from '../../../.refract/generated/client/client.ts'
import type { SeedContext } from '../../engine/index.ts'
import type { SeedRows } from './rows.ts'

const ROWS_AT_ONCE = 1_000
const TRANSACTION_TIMEOUT = 120_000 // 2 minutes

type Transaction = Prisma.TransactionClient
type Advance = (rows: number) => void

/** Writes all rows in one transaction. Throws what Prisma throws, and then nothing has been written. */
export async function writeRows(
  client: PrismaClient,
  rows: SeedRows,
  progress: SeedContext['progress'],
): Promise<void> {
  const total = Object.values(rows).reduce((sum, list) => sum + list.length, 0)
  const bar = progress('Seeding the example data', total)
  await client.$transaction(transaction => writeTables(transaction, rows, steps => bar.advance(steps)), {
    timeout: TRANSACTION_TIMEOUT,
  })
  bar.done()
}

async function writeTables(transaction: Transaction, rows: SeedRows, advance: Advance): Promise<void> {
  await inChunks(rows.users, data => transaction.user.createMany({ data }), advance)
  await inChunks(rows.accounts, data => transaction.account.createMany({ data }), advance)
  await inChunks(rows.profiles, data => transaction.profile.createMany({ data }), advance)
  await inChunks(rows.locations, data => writeLocations(transaction, data), advance)
  await inChunks(rows.teams, data => transaction.team.createMany({ data }), advance)
  await inChunks(rows.memberships, data => transaction.membership.createMany({ data }), advance)
  await inChunks(rows.labels, data => transaction.label.createMany({ data }), advance)
  await inChunks(rows.projects, data => transaction.project.createMany({ data }), advance)
  await inChunks(rows.issues, data => transaction.issue.createMany({ data }), advance)
  await inChunks(rows.issueLabels, data => writeIssueLabels(transaction, data), advance)
  await inChunks(rows.issueRelations, data => transaction.issueRelation.createMany({ data }), advance)
  await inChunks(rows.comments, data => transaction.comment.createMany({ data }), advance)
  await inChunks(rows.attachments, data => transaction.attachment.createMany({ data }), advance)
}

async function inChunks<Row>(
  rows: readonly Row[],
  write: (chunk: Row[]) => PromiseLike<unknown>,
  advance: Advance,
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const chunk = rows.slice(start, start + ROWS_AT_ONCE)
    await write(chunk)
    advance(chunk.length)
  }
}

/** Prisma has no type for `point`, so that column is written in SQL. */
function writeLocations(transaction: Transaction, rows: SeedRows['locations']): PromiseLike<number> {
  const ids = rows.map(row => row.profileId)
  const xs = rows.map(row => row.x)
  const ys = rows.map(row => row.y)
  return transaction.$executeRaw`
    UPDATE "profiles" SET "location" = point(given.x, given.y)
    FROM unnest(${ids}::uuid[], ${xs}::float8[], ${ys}::float8[]) AS given (id, x, y)
    WHERE "profiles"."id" = given.id`
}

/** Prisma's createMany does not reach the table of a many-to-many relation. */
function writeIssueLabels(transaction: Transaction, rows: SeedRows['issueLabels']): PromiseLike<number> {
  const issues = rows.map(row => row.issueId)
  const labels = rows.map(row => row.labelId)
  return transaction.$executeRaw`
    INSERT INTO "_issue_labels" ("A", "B") SELECT * FROM unnest(${issues}::uuid[], ${labels}::uuid[])`
}
