import { DAY, dayOf, earliest, HOUR, later, SEED_NOW } from './calendar.ts'
import { createSeedId } from './identifiers.ts'
import { createRandom, type Random } from './random.ts'
import type { LabelRow, MembershipRow, ProjectRow, TeamRow, UserRow } from './rows.ts'
import { LABELS } from './words/labels.ts'
import { TEAMS } from './words/teams.ts'

const FIRST_TEAM = new Date('2024-01-08T10:00:00Z')
const FIRST_PROJECT = new Date('2024-06-24T00:00:00Z')
const PROJECT_STARTS = 600 // days, from the first to the last one

export function createTeams(): TeamRow[] {
  return TEAMS.map(({ key, name, description }, position) => {
    const createdAt = later(FIRST_TEAM, position * HOUR)
    return {
      id: createSeedId(createdAt, `team:${key}`),
      key,
      name,
      description,
      createdAt,
      updatedAt: createdAt,
    }
  })
}

/** Everyone is in one to three teams. John Doe owns the first one; the owners of the others follow him. */
export function createMemberships(teams: readonly TeamRow[], users: readonly UserRow[]): MembershipRow[] {
  const random = createRandom('memberships')
  return users.flatMap((user, position) => {
    const home = teams[position % teams.length]
    const others = random.sample(
      teams.filter(team => team !== home),
      random.integer(0, 2),
    )
    return [home, ...others].flatMap((team, index) => {
      if (!team) return []
      const isOwner = index === 0 && position < teams.length
      const role = isOwner ? 'OWNER' : random.weighted({ ADMIN: 1, MEMBER: 7, GUEST: index })
      const joinedAt = later(user.createdAt, HOUR + index * random.integer(1, 20) * DAY)
      return [{ teamId: team.id, userId: user.id, role, joinedAt }]
    })
  })
}

export function createLabels(teams: readonly TeamRow[]): LabelRow[] {
  return teams.flatMap(team =>
    LABELS.map(({ name, color }) => ({
      id: createSeedId(team.createdAt, `label:${team.key}:${name}`),
      teamId: team.id,
      name,
      color,
    })),
  )
}

export function createProjects(
  teams: readonly TeamRow[],
  memberships: readonly MembershipRow[],
): ProjectRow[] {
  const random = createRandom('projects')
  return teams.flatMap((team, teamPosition) => {
    const members = memberships.filter(({ teamId, role }) => teamId === team.id && role !== 'GUEST')
    const names = TEAMS[teamPosition]?.projects ?? []
    return names.map((name, position) => {
      const startDate = dayOf(
        FIRST_PROJECT,
        Math.floor((PROJECT_STARTS * (position + random.fraction() * 0.7)) / names.length),
      )
      const targetDate = dayOf(startDate, random.integer(60, 270))
      const createdAt = later(startDate, 9 * HOUR - 14 * DAY)
      return {
        id: createSeedId(createdAt, `project:${team.key}:${name}`),
        teamId: team.id,
        leadId: random.chance(0.9) ? random.pick(members).userId : null,
        name,
        description: `${team.name} wants to be done with this by ${targetDate.toISOString().slice(0, 10)}.`,
        status: chooseProjectStatus(random, startDate, targetDate),
        startDate,
        targetDate,
        budget: random.chance(0.8)
          ? `${random.integer(8, 400) * 500}.${random.pick(['00', '50', '99'])}`
          : null,
        createdAt,
        updatedAt: earliest(later(targetDate, 0), later(SEED_NOW, -random.integer(1, 400) * HOUR)),
      }
    })
  })
}

function chooseProjectStatus(random: Random, startDate: Date, targetDate: Date) {
  if (startDate > SEED_NOW) return 'PLANNED'
  if (targetDate < SEED_NOW) return random.weighted({ COMPLETED: 8, CANCELLED: 1, ACTIVE: 1 })
  return random.weighted({ ACTIVE: 8, PAUSED: 1 })
}
