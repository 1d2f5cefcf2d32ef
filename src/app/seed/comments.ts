import { DAY, HOUR, later, SEED_NOW } from './calendar.ts'
import { createSeedId } from './identifiers.ts'
import type { WrittenIssue } from './issues.ts'
import { createRandom, type Random } from './random.ts'
import type { CommentRow, UserRow } from './rows.ts'
import { CLOSINGS, OPENINGS, REFUSALS, REPLIES } from './words/comments.ts'
import { CUSTOMERS } from './words/issues.ts'

const COMMENT_COUNT = 10_000

/** The comments on all issues, in the order of their creation. A few issues are much discussed, many hardly. */
export function createComments(issues: readonly WrittenIssue[], users: readonly UserRow[]): CommentRow[] {
  const random = createRandom('comments')
  const handles = new Map(users.map(user => [user.id, user.handle]))
  const counts = shareOut(
    COMMENT_COUNT,
    issues.map(() => random.fraction() * random.fraction()),
  )
  const comments = issues.flatMap((issue, position) =>
    createConversation(random, issue, counts[position] ?? 0, handles),
  )
  return comments.sort((one, other) => (one.id < other.id ? -1 : 1))
}

/** Whole numbers that add up to `total` and are as near to the weights' proportions as can be. */
function shareOut(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((one, other) => one + other, 0)
  let weightSoFar = 0
  let givenSoFar = 0
  return weights.map((weight, position) => {
    weightSoFar += weight
    const isLast = position === weights.length - 1
    const due = (isLast ? total : Math.round((total * weightSoFar) / sum)) - givenSoFar
    givenSoFar += due
    return due
  })
}

function createConversation(
  random: Random,
  { row, text, workshop }: WrittenIssue,
  count: number,
  handles: ReadonlyMap<string, string>,
): CommentRow[] {
  const people = [row.authorId, row.assigneeId ?? row.authorId, ...random.sample(workshop.workers, 2)]
  const end = Math.min((row.closedAt ?? SEED_NOW).getTime(), row.createdAt.getTime() + 45 * DAY)
  const times = Array.from({ length: count }, () => random.fraction() * (end - row.createdAt.getTime()))
  return times
    .sort((one, other) => one - other)
    .map((offset, position) => {
      const createdAt = later(row.createdAt, offset)
      const body = random
        .pick(choosePhrases(row, position, count))
        .replace('{part}', text.part)
        .replace('{customer}', random.pick(CUSTOMERS))
        .replace('{handle}', handles.get(random.pick(people)) ?? '')
      const editedAt = random.chance(0.06) ? later(createdAt, random.integer(1, 40) * (HOUR / 60)) : null
      return {
        id: createSeedId(createdAt, `comment:${row.id}:${position}`),
        issueId: row.id,
        authorId: random.pick(people),
        body,
        createdAt,
        editedAt: editedAt && editedAt < SEED_NOW ? editedAt : null,
        version: editedAt && editedAt < SEED_NOW ? 2 : 1,
      }
    })
}

function choosePhrases(row: WrittenIssue['row'], position: number, count: number): readonly string[] {
  if (position === count - 1 && row.status === 'DONE') return CLOSINGS
  if (position === count - 1 && row.status === 'CANCELLED') return REFUSALS
  return position === 0 ? OPENINGS : REPLIES
}
