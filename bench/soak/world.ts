import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { adminSecret, type Instance } from './instance.ts'

/** What a connection shows to say who it is. */
export type Credentials = Readonly<Record<string, string>>

export interface Member {
  readonly credentials: Credentials
  /** The ids of the teams that the member belongs to, and so sees. */
  readonly teams: ReadonlySet<string>
}

/** What is there before changes begin. */
export interface World {
  readonly teams: readonly string[]
  readonly author: string
  readonly members: readonly Member[]
  readonly administrator: Credentials
}

const [teamCount, memberCount] = [8, 4]

/** Makes teams, and people who belong to some of them; they sign up as people do, and have keys. */
export async function createWorld(instance: Instance, databaseUrl: string): Promise<World> {
  const client = new pg.Client(databaseUrl)
  await client.connect()
  const teams = Array.from({ length: teamCount }, () => randomUUID())
  await client.query(
    `INSERT INTO teams (id, key, name, updated_at)
     SELECT id, 'T' || chr(64 + place::int), 'Team ' || place, now()
     FROM unnest($1::uuid[]) WITH ORDINALITY AS t (id, place)`,
    [teams],
  )
  // What the soak writes is written down a second time, by itself: the log of changes is compared with it.
  await client.query(`
    CREATE SCHEMA soak;
    CREATE TABLE soak.journal (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
      operation text NOT NULL,
      issue_id uuid NOT NULL
    )`)
  const members: Member[] = []
  for (let number = 0; number < memberCount; number += 1) {
    const { id, key } = await signUp(instance, `member-${number}@soak.test`)
    // each sees a half of the teams, another one each
    const own = teams.filter((_, index) => (index >> (number % 3)) % 2 === (number < 3 ? 0 : 1))
    await client.query(
      `INSERT INTO memberships (team_id, user_id, role) SELECT unnest($1::uuid[]), $2, 'MEMBER'`,
      [own, id],
    )
    members.push({ credentials: { 'x-api-key': key }, teams: new Set(own) })
  }
  const { rows } = await client.query('SELECT id FROM users LIMIT 1')
  await client.end()
  return { teams, author: rows[0].id, members, administrator: { 'x-refract-admin-secret': adminSecret } }
}

async function signUp(
  { url }: Instance,
  email: string,
): Promise<{ readonly id: string; readonly key: string }> {
  const post = async (path: string, body: object, headers: Credentials = {}) => {
    const answer = await fetch(`${url}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: url, ...headers },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`)
    return answer
  }
  const signedUp = await post('sign-up/email', { email, name: email.split('@')[0], password: adminSecret })
  const { user } = (await signedUp.json()) as { readonly user: { readonly id: string } }
  const cookie = signedUp.headers
    .getSetCookie()
    .map(text => text.split(';')[0])
    .join('; ')
  const { key } = (await (await post('api-key/create', { name: 'soak' }, { cookie })).json()) as {
    key: string
  }
  return { id: user.id, key }
}
