import { createHash } from 'node:crypto'
import { DAY, earliest, later, latest, SEED_NOW } from './calendar.ts'
import { createSeedId } from './identifiers.ts'
import type { WrittenIssue } from './issues.ts'
import { createRandom, type Random } from './random.ts'
import type { AttachmentRow, IssueLabelRow, IssueRelationRow, LabelRow } from './rows.ts'
import { FILES } from './words/files.ts'

const ATTACHMENT_COUNT = 1_200
const RELATION_COUNT = 400

/** Every issue has the label of its kind, some have one or two more. */
export function createIssueLabels(
  issues: readonly WrittenIssue[],
  labels: readonly LabelRow[],
): IssueLabelRow[] {
  const random = createRandom('labels')
  return issues.flatMap(({ row, text }) => {
    const own = labels.filter(({ teamId }) => teamId === row.teamId)
    const unfit = ['bug', 'feature', 'chore', ...(text.kind === 'bug' ? [] : ['regression'])]
    const others = own.filter(({ name }) => !unfit.includes(name))
    const extra = random.chance(0.35) ? random.sample(others, random.integer(1, 2)) : []
    return [...own.filter(({ name }) => name === text.kind), ...extra].map(label => ({
      issueId: row.id,
      labelId: label.id,
    }))
  })
}

/** Relations between issues, most of them inside one team. No two issues have the same one twice. */
export function createIssueRelations(issues: readonly WrittenIssue[]): IssueRelationRow[] {
  const random = createRandom('relations')
  const relations = new Map<string, IssueRelationRow>()
  while (relations.size < RELATION_COUNT) {
    const { row: source, workshop } = random.pick(issues)
    const { row: target } = random.pick(
      random.chance(0.85) ? issues.filter(issue => issue.workshop === workshop) : issues,
    )
    const kind = source.status === 'CANCELLED' ? 'DUPLICATES' : random.weighted({ BLOCKS: 3, RELATES_TO: 4 })
    const name = `relation:${kind}:${source.id}:${target.id}`
    if (source.id === target.id || relations.has(name)) continue
    const newer = latest(source.createdAt, target.createdAt)
    const createdAt = earliest(later(newer, random.integer(1, 96) * (DAY / 24)), SEED_NOW)
    const id = createSeedId(createdAt, name)
    relations.set(name, { id, kind, sourceId: source.id, targetId: target.id, createdAt })
  }
  return [...relations.values()]
}

/** Files that came with issues: pictures mostly, but also recordings and memory dumps beyond 32 bits. */
export function createAttachments(issues: readonly WrittenIssue[]): AttachmentRow[] {
  const random = createRandom('attachments')
  return Array.from({ length: ATTACHMENT_COUNT }, (_, position) => {
    const { row } = random.pick(issues)
    const file = chooseFile(random)
    const name = `attachment:${position}`
    const createdAt = earliest(later(row.createdAt, random.fraction() * DAY), row.closedAt ?? SEED_NOW)
    return {
      id: createSeedId(createdAt, name),
      issueId: row.id,
      uploaderId: random.chance(0.7) ? row.authorId : (row.assigneeId ?? row.authorId),
      filename: `${random.pick(file.names)}-${random.integer(1, 99)}.${file.extension}`,
      mimeType: file.mimeType,
      size: BigInt(random.integer(file.smallest, file.largest)),
      sha256: createHash('sha256').update(name).digest(),
      createdAt,
    }
  })
}

function chooseFile(random: Random) {
  const extension = random.weighted({ png: 55, log: 15, csv: 10, pdf: 10, mp4: 7, dmp: 3 })
  return { extension, ...FILES[extension] }
}
