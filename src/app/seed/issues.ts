import { DAY, dayOf, later, SEED_NOW } from './calendar.ts'
import { createSeedId } from './identifiers.ts'
import { createIssueText, type IssueText } from './issue-text.ts'
import { createRandom, type Random } from './random.ts'
import type { IssueRow, MembershipRow, ProjectRow, TeamRow, UserRow } from './rows.ts'
import { TEAMS, type TeamWords } from './words/teams.ts'

const ISSUE_COUNT = 3_000
const FIRST_ISSUE = new Date('2024-07-01T08:00:00Z')
const POSSIBLE_PARENTS = 60 // Only so many of a team's latest issues.

type Status = IssueRow['status']

/** A team with everything that its issues are made of. */
export interface Workshop {
  readonly team: TeamRow
  readonly words: TeamWords
  /** Members who are more than guests, and have not left. */
  readonly workers: readonly string[]
  readonly members: readonly string[]
  readonly projects: readonly ProjectRow[]
}

/** An issue together with the words that its comments take up again. */
export interface WrittenIssue {
  readonly row: IssueRow
  readonly text: IssueText
  readonly workshop: Workshop
}

export function createWorkshops(
  teams: readonly TeamRow[],
  users: readonly UserRow[],
  memberships: readonly MembershipRow[],
  projects: readonly ProjectRow[],
): Workshop[] {
  const active = new Set(users.filter(user => user.isActive).map(user => user.id))
  return TEAMS.flatMap(words => {
    const team = teams.find(({ key }) => key === words.key)
    if (!team) return []
    const own = memberships.filter(({ teamId }) => teamId === team.id)
    const workers = own.filter(({ role, userId }) => role !== 'GUEST' && active.has(userId))
    return {
      team,
      words,
      members: own.map(({ userId }) => userId),
      workers: workers.map(({ userId }) => userId),
      projects: projects.filter(({ teamId }) => teamId === team.id),
    }
  })
}

/** The issues of all teams in the order of their creation; each team's numbers count up from 1 without a gap. */
export function createIssues(workshops: readonly Workshop[]): WrittenIssue[] {
  const random = createRandom('issues')
  const byTeam = new Map<Workshop, IssueRow[]>(workshops.map(workshop => [workshop, []]))
  return createTimes(random).map((createdAt, position) => {
    const workshop = random.pick(workshops)
    const earlier = byTeam.get(workshop) ?? []
    const text = createIssueText(random, workshop.words)
    const row = createIssue(random, { createdAt, position, workshop, text, earlier })
    earlier.push(row)
    return { row, text, workshop }
  })
}

function createTimes(random: Random): Date[] {
  const span = SEED_NOW.getTime() - FIRST_ISSUE.getTime()
  // The square root puts more issues near the end: the company grows.
  const times = Array.from({ length: ISSUE_COUNT }, () =>
    later(FIRST_ISSUE, span * Math.sqrt(random.fraction())),
  )
  return times.sort((one, other) => one.getTime() - other.getTime())
}

interface IssueParts {
  readonly createdAt: Date
  readonly position: number
  readonly workshop: Workshop
  readonly text: IssueText
  readonly earlier: readonly IssueRow[]
}

function createIssue(random: Random, parts: IssueParts): IssueRow {
  const { createdAt, workshop, text, earlier } = parts
  const age = SEED_NOW.getTime() - createdAt.getTime()
  const status = chooseStatus(random, age / DAY)
  const isClosed = status === 'DONE' || status === 'CANCELLED'
  const lifetime = random.fraction() * random.fraction() * Math.min(age, 90 * DAY)
  const closedAt = isClosed ? later(createdAt, lifetime) : null
  const priority = choosePriority(random, text.kind)
  const isTaken = random.chance(status === 'BACKLOG' && priority !== 'URGENT' ? 0.3 : 0.93)
  const runningProjects = workshop.projects.filter(({ startDate }) => startDate < createdAt)
  return {
    id: createSeedId(createdAt, `issue:${parts.position}`),
    teamId: workshop.team.id,
    number: earlier.length + 1,
    title: text.title,
    description: text.description,
    status,
    priority,
    estimate: random.chance(0.75) ? random.pick([1, 2, 3, 5, 8, 13]) : null,
    progress: chooseProgress(random, status),
    dueDate: random.chance(priority === 'URGENT' ? 0.85 : 0.4)
      ? dayOf(createdAt, random.integer(5, 120))
      : null,
    keywords: [...text.keywords],
    metadata: text.metadata ?? undefined,
    authorId: random.pick(workshop.members),
    assigneeId: isTaken ? random.pick(workshop.workers) : null,
    projectId: runningProjects.length > 0 && random.chance(0.65) ? random.pick(runningProjects).id : null,
    parentId:
      earlier.length > 0 && random.chance(0.16) ? random.pick(earlier.slice(-POSSIBLE_PARENTS)).id : null,
    createdAt,
    updatedAt: closedAt ?? later(createdAt, random.fraction() * age),
    closedAt,
  }
}

function chooseStatus(random: Random, ageInDays: number): Status {
  if (ageInDays > 120) {
    return random.weighted({ BACKLOG: 6, TODO: 2, IN_PROGRESS: 2, IN_REVIEW: 1, DONE: 75, CANCELLED: 14 })
  }
  if (ageInDays > 30) {
    return random.weighted({ BACKLOG: 18, TODO: 12, IN_PROGRESS: 10, IN_REVIEW: 6, DONE: 45, CANCELLED: 9 })
  }
  return random.weighted({ BACKLOG: 34, TODO: 22, IN_PROGRESS: 17, IN_REVIEW: 8, DONE: 16, CANCELLED: 3 })
}

function choosePriority(random: Random, kind: IssueText['kind']) {
  if (kind === 'bug') return random.weighted({ NONE: 6, LOW: 18, MEDIUM: 38, HIGH: 26, URGENT: 12 })
  if (kind === 'feature') return random.weighted({ NONE: 18, LOW: 26, MEDIUM: 36, HIGH: 18, URGENT: 2 })
  return random.weighted({ NONE: 30, LOW: 40, MEDIUM: 25, HIGH: 5 })
}

function chooseProgress(random: Random, status: Status): number | null {
  if (status === 'DONE') return 1
  if (status === 'IN_REVIEW') return random.pick([0.8, 0.85, 0.9, 0.95])
  if (status === 'IN_PROGRESS') return random.integer(1, 15) / 20
  return null
}
