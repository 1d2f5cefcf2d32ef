import config from '../../../../refract.config.ts'
import { createRows } from '../../../../src/app/seed/create-rows.ts'
import type { SeedRows } from '../../../../src/app/seed/rows.ts'
import { writeRows } from '../../../../src/app/seed/write-rows.ts'
import { administrator, anonymous, createViewer, type Viewer } from '../../../../src/engine/index.ts'
import { createTestEngine, type TestEngine } from '../../../support/engine.ts'
import type { EqualWorld } from '../model/check-world.ts'

/** The example application under its policies, with a small part of its rows. */
export async function createExampleWorld(): Promise<EqualWorld> {
  const reasons: unknown[] = []
  const api = await createTestEngine({
    config,
    reads: 'compiled',
    onOrdinary: reason => reasons.push(reason),
  })
  const rows = someOf(createRows())
  await writeRows(
    api.client as never,
    rows,
    () => ({ advance: () => undefined, done: () => undefined }) as never,
  )
  await addOddities(api)
  const viewers = viewersOf(rows)
  return {
    name: 'example',
    api,
    reasons,
    renew: async () => undefined,
    viewer: random => random.one(viewers),
    close: api.close,
  }
}

/** Three teams with a few issues each, and all that belongs to these. */
function someOf(rows: SeedRows): SeedRows {
  const teams = new Set(rows.teams.slice(0, 3).map(({ id }) => id))
  const inTeams = <Row extends { readonly teamId: string }>(list: readonly Row[]) =>
    list.filter(({ teamId }) => teams.has(teamId))
  const issues = [...teams].flatMap(id => rows.issues.filter(({ teamId }) => teamId === id).slice(0, 22))
  const known = new Set(issues.map(({ id }) => id))
  const ofIssues = <Row extends { readonly issueId: string }>(list: readonly Row[]) =>
    list.filter(({ issueId }) => known.has(issueId))
  return {
    ...rows,
    teams: rows.teams.slice(0, 4),
    memberships: inTeams(rows.memberships),
    labels: inTeams(rows.labels),
    projects: inTeams(rows.projects),
    issues: issues.map(issue => ({
      ...issue,
      parentId: known.has(issue.parentId ?? '') ? issue.parentId : null,
    })),
    issueLabels: ofIssues(rows.issueLabels),
    issueRelations: rows.issueRelations.filter(
      ({ sourceId, targetId }) => known.has(sourceId) && known.has(targetId),
    ),
    comments: ofIssues(rows.comments),
    attachments: ofIssues(rows.attachments),
  }
}

/** What people rarely write, so that it is easily got wrong. */
async function addOddities({ sql }: TestEngine): Promise<void> {
  const json = `(ARRAY['null', '1.0', '1e2', '"a\\u0001\\"b"', '{"b": 1, "a": [1.50, null]}', '[]', '{}', '"é😀"'])`
  const text = `(ARRAY['', ' a ', E'tab\\tline\\nend', '"quoted" \\\\ back', '100% _x_', 'é 日本 😀', E'\\u0001\\u007f\\u2028', 'Fox'])`
  const odd = `(('x' || substr(md5(id::text), 1, 7))::bit(28)::int % 8) + 1`
  await sql(`UPDATE issues SET metadata = ${json}[${odd}]::jsonb WHERE number % 3 = 0`)
  await sql(`UPDATE issues SET description = ${text}[${odd}], progress = NULL WHERE number % 4 = 1`)
  // sums of these are not rounded
  await sql('UPDATE issues SET progress = round(progress * 8) / 8')
  await sql(`UPDATE issues SET keywords = ARRAY[${text}[${odd}], 'a,b', 'null'] WHERE number % 5 = 2`)
  await sql(`UPDATE profiles SET location = point(1e-7, -0.0), bio = ${text}[${odd}] WHERE ${odd} = 1`)
  await sql(`UPDATE profiles SET location = point(-120.25, 1e-4) WHERE ${odd} = 2`)
  await sql(`UPDATE comments SET created_at = now() + interval '1 hour' WHERE ${odd} = 1`)
  await sql(`UPDATE projects SET budget = 0.10 WHERE ${odd} = 1`)
  await sql(
    `INSERT INTO sessions (id, user_id, token, expires_at, ip_address, updated_at)
     SELECT gen_random_uuid(), id, 't' || handle, now() + interval '1 day', '10.0.0.1', now() FROM users`,
  )
}

function viewersOf({ memberships, users }: SeedRows): readonly Viewer[] {
  const member = (id: string) => createViewer({ id, roles: ['member'] })
  const ofRoles = (['OWNER', 'ADMIN', 'MEMBER', 'GUEST'] as const).flatMap(role => {
    const found = memberships.filter(membership => membership.role === role)
    return found.slice(0, 2).map(({ userId }) => member(userId))
  })
  const stranger = users.find(({ id }) => memberships.every(({ userId }) => userId !== id))
  return [
    ...ofRoles,
    ...(stranger ? [member(stranger.id)] : []),
    createViewer({ id: users[0]?.id ?? null, roles: ['admin'] }),
    member('00000000-0000-4000-8000-000000000001'),
    anonymous,
    administrator,
    administrator,
  ]
}
