import { DAY, HOUR, later, SEED_NOW } from './calendar.ts'
import { createSeedId } from './identifiers.ts'
import { createRandom } from './random.ts'
import type { AccountRow, LocationRow, ProfileRow, UserRow } from './rows.ts'
import { CRAFTS, PASTIMES, PEOPLE, PLACES } from './words/people.ts'

const COMPANY_START = new Date('2024-01-08T09:00:00Z')

/** What the seeded people sign in with. Not a secret: no production database gets it. */
export const developmentPassword = 'welcome-to-refract'

// As better-auth's scrypt makes it, with a salt that is the same in every run.
const developmentPasswordHash =
  '2d5f62c31528ccbf7c7919c0833ec702:c7fe0a981da6eabaecb809a6188d7eb6ec619ca7d2c76461fe7b85c83c5529742f1126ba4eb9c78b42582fb6e66226bdffc0b680d57617a7114ab6563c54d4f8'

const LEFT = new Set([23, 38, 46]) // Positions in PEOPLE of those who have left the company.

/** John Doe first, then the others in the order in which they joined, two to five days apart. */
export function createUsers(): UserRow[] {
  const random = createRandom('users')
  let joined = COMPANY_START
  return PEOPLE.map((name, position) => {
    const createdAt = joined
    joined = later(joined, random.integer(2, 5) * DAY + random.integer(-2, 2) * HOUR)
    const handle = createHandle(name)
    return {
      id: createSeedId(createdAt, `user:${handle}`),
      email: position === 0 ? 'john@example.com' : `${handle}@example.com`,
      emailVerified: true,
      name,
      handle,
      role: position < 3 ? 'ADMIN' : 'MEMBER',
      isActive: !LEFT.has(position),
      createdAt,
      updatedAt: later(createdAt, random.fraction() * (SEED_NOW.getTime() - createdAt.getTime())),
    }
  })
}

/** Everyone has the same password, `developmentPassword`. */
export function createAccounts(users: readonly UserRow[]): AccountRow[] {
  return users.map(user => ({
    id: createSeedId(user.createdAt, `account:${user.handle}`),
    userId: user.id,
    providerId: 'credential',
    accountId: user.id,
    password: developmentPasswordHash,
    createdAt: user.createdAt,
    updatedAt: user.createdAt,
  }))
}

/** Four of five people have written something about themselves; John Doe has. */
export function createProfiles(users: readonly UserRow[]): {
  profiles: ProfileRow[]
  locations: LocationRow[]
} {
  const random = createRandom('profiles')
  const locations: LocationRow[] = []
  const authors = users.filter((_, position) => position === 0 || random.chance(0.8))
  const profiles = authors.map(user => {
    const place = random.pick(PLACES)
    const id = createSeedId(user.createdAt, `profile:${user.handle}`)
    if (random.chance(0.9)) locations.push({ profileId: id, x: place.x, y: place.y })
    return {
      id,
      userId: user.id,
      bio: `${random.pick(CRAFTS)} in ${place.city}. Likes ${random.sample(PASTIMES, 2).join(' and ')}.`,
      avatarUrl: `https://avatars.example.com/${user.handle}.png`,
      website: random.chance(0.3) ? `https://${user.handle}.example.com` : null,
      timezone: place.timezone,
      birthday: new Date(Date.UTC(random.integer(1964, 2003), random.integer(0, 11), random.integer(1, 28))),
      workdayStart: new Date(Date.UTC(1970, 0, 1, random.integer(7, 10), random.pick([0, 15, 30]))),
    }
  })
  return { profiles, locations }
}

function createHandle(name: string): string {
  const letters = name
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
  return letters.replace(/[^a-z0-9 ]/g, '').replaceAll(' ', '-')
}
