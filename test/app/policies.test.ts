import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import config from '../../refract.config.ts'
import { anonymous, createViewer, definePolicy, type Viewer } from '../../src/index.ts'
import { createTestEngine, type TestEngine } from '../support/engine.ts'

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const people = { owner: 1, member: 2, guest: 3, stranger: 4, boss: 5 } as const
const viewers = Object.fromEntries(
  Object.entries(people).map(([name, number]) => [
    name,
    createViewer({ id: id(number), roles: [name === 'boss' ? 'admin' : 'member'] }),
  ]),
) as Record<keyof typeof people, Viewer>
const { owner, member, guest, stranger, boss } = viewers

describe('the policies of the example', () => {
  let api: TestEngine
  beforeAll(async () => {
    api = await createTestEngine({ config })
    for (const [name, number] of Object.entries(people)) {
      await api.sql(
        `INSERT INTO users (id, email, name, handle, role, updated_at)
         VALUES ($1, $2, $3, $3, ($4::text)::user_role, now())`,
        [id(number), `${name}@x.org`, name, name === 'boss' ? 'ADMIN' : 'MEMBER'],
      )
    }
    await api.sql(
      `INSERT INTO teams (id, key, name, updated_at) VALUES ($1, 'ENG', 'Eng', now()), ($2, 'OPS', 'Ops', now())`,
      [id(10), id(11)],
    )
    await api.sql(
      `INSERT INTO memberships (team_id, user_id, role)
       VALUES ($1, $3, 'OWNER'), ($1, $4, 'MEMBER'), ($1, $5, 'GUEST'), ($2, $6, 'OWNER')`,
      [id(10), id(11), id(1), id(2), id(3), id(4)],
    )
    await api.sql(
      `INSERT INTO issues (id, team_id, author_id, title, updated_at)
       VALUES ($1, $3, $5, 'Ours', now()), ($2, $4, $6, 'Theirs', now())`,
      [id(20), id(21), id(10), id(11), id(1), id(4)],
    )
    await api.sql(
      `INSERT INTO comments (id, issue_id, author_id, body, created_at)
       VALUES ($1, $3, $4, 'New', now() - interval '14 minutes'), ($2, $3, $4, 'Old', now() - interval '16 minutes')`,
      [id(30), id(31), id(20), id(2)],
    )
    await api.sql(`INSERT INTO labels (id, team_id, name, color) VALUES ($1, $2, 'bug', '#aabbcc')`, [
      id(40),
      id(10),
    ])
  })
  afterAll(() => api.close())

  const ask = async (viewer: Viewer, source: string) => {
    const { data, errors } = await api.query(source, {}, viewer)
    expect(errors).toBeUndefined()
    return data
  }
  /** The kind of the error with which a mutation is answered; null where it is done. */
  const outcome = async (viewer: Viewer, field: string) => {
    const data = await ask(viewer, `mutation { result: ${field} { errors { __typename } } }`)
    return data.result.errors[0]?.__typename ?? null
  }

  test('members see their teams’ issues, and no others', async () => {
    const titles = async (viewer: Viewer) =>
      (await ask(viewer, '{ issues(orderBy: [{ title: ASC }]) { nodes { title } } }')).issues.nodes.map(
        (node: { title: string }) => node.title,
      )
    expect(await titles(member)).toEqual(['Ours'])
    expect(await titles(guest)).toEqual(['Ours'])
    expect(await titles(stranger)).toEqual(['Theirs'])
    expect(await titles(boss)).toEqual(['Ours', 'Theirs'])
  })

  test('who has not signed in sees nothing of it', async () => {
    const { errors } = await api.query('{ issues { totalCount } }', {}, anonymous)
    expect(errors?.[0]?.message).toContain('Cannot query field "issues"')
  })

  test('authors edit their comments for 15 minutes', async () => {
    const edit = (viewer: Viewer, number: number) =>
      outcome(viewer, `updateComment(where: { id: "${id(number)}" }, data: { body: "Better" })`)
    expect(await edit(member, 30)).toBeNull()
    expect(await edit(member, 31)).toBe('ForbiddenError')
    expect(await edit(owner, 30)).toBe('ForbiddenError')
    expect(await edit(stranger, 30)).toBe('NotFoundError')
    const can = `{ comments(orderBy: [{ createdAt: ASC }]) { nodes { viewerCan { update delete } } } }`
    expect((await ask(member, can)).comments.nodes).toEqual([
      { viewerCan: { update: false, delete: true } },
      { viewerCan: { update: true, delete: true } },
    ])
    expect((await ask(guest, can)).comments.nodes[1]).toEqual({ viewerCan: { update: false, delete: false } })
  })

  test('the time to edit cannot be stretched', async () => {
    const { errors } = await api.query(
      `mutation { createComment(data: { issueId: "${id(20)}", body: "x", createdAt: "2999-01-01T00:00:00Z" }) { count: errors { code } } }`,
      {},
      member,
    )
    expect(errors?.[0]?.message).toContain('"createdAt" is not defined')
  })

  test('only team admins manage memberships', async () => {
    const add = (viewer: Viewer, team: number, user: number, role: string) =>
      outcome(
        viewer,
        `createMembership(data: { teamId: "${id(team)}", userId: "${id(user)}", role: ${role} })`,
      )
    const change = (viewer: Viewer, user: number, role: string) =>
      outcome(
        viewer,
        `updateMembership(where: { teamId_userId: { teamId: "${id(10)}", userId: "${id(user)}" } }, data: { role: ${role} })`,
      )
    expect(await add(member, 10, 4, 'MEMBER')).toBe('ForbiddenError')
    expect(await add(stranger, 10, 4, 'OWNER')).toBe('ForeignKeyError')
    expect(await add(member, 10, 2, 'OWNER')).toBe('UniqueError')
    expect(await change(member, 2, 'OWNER')).toBe('ForbiddenError')
    expect(await change(guest, 3, 'MEMBER')).toBe('ForbiddenError')
    expect(await change(owner, 3, 'MEMBER')).toBeNull()
    expect(await change(owner, 3, 'GUEST')).toBeNull()
    expect(await change(boss, 3, 'GUEST')).toBeNull()
  })

  test('nobody becomes an admin of a team by a detour', async () => {
    const own = `{ teamId_userId: { teamId: "${id(11)}", userId: "${id(4)}" } }`
    expect(await outcome(stranger, `updateMembership(where: ${own}, data: { teamId: "${id(10)}" })`)).toBe(
      'ForeignKeyError',
    )
    expect(
      await outcome(
        member,
        `updateUser(where: { id: "${id(2)}" }, data: { memberships: { create: [{ teamId: "${id(11)}", role: OWNER }] } })`,
      ),
    ).toBe('ForeignKeyError')
    expect(
      await outcome(
        member,
        `updateUser(where: { id: "${id(2)}" }, data: { memberships: { updateMany: [{ where: {}, data: { role: OWNER } }] } })`,
      ),
    ).toBe('ForbiddenError')
    expect(await outcome(owner, `updateUser(where: { id: "${id(2)}" }, data: { name: "Mine" })`)).toBe(
      'ForbiddenError',
    )
  })

  test('e-mail addresses are visible to team mates, in one statement', async () => {
    const source = '{ users(orderBy: [{ name: ASC }]) { nodes { name email } } }'
    const { data, statements } = await api.query(source, {}, member)
    expect(statements).toHaveLength(1)
    expect(
      Object.fromEntries(
        data.users.nodes.map((node: { name: string; email: string }) => [node.name, node.email]),
      ),
    ).toEqual({
      owner: 'owner@x.org',
      member: 'member@x.org',
      guest: 'guest@x.org',
      stranger: null,
      boss: null,
    })
    expect(
      await ask(
        member,
        '{ mate: user(where: { email: "guest@x.org" }) { name } other: user(where: { email: "boss@x.org" }) { name } }',
      ),
    ).toEqual({ mate: { name: 'guest' }, other: null })
    expect(await ask(member, '{ users(where: { email: { contains: "@" } }) { totalCount } }')).toEqual({
      users: { totalCount: 3 },
    })
  })

  test('guests read and comment, and write no issues', async () => {
    expect(await outcome(guest, `createComment(data: { issueId: "${id(20)}", body: "Nice" })`)).toBeNull()
    expect(await outcome(guest, `createIssue(data: { teamId: "${id(10)}", title: "Mine" })`)).toBe(
      'ForbiddenError',
    )
    expect(
      await outcome(
        member,
        `createIssue(data: { teamId: "${id(10)}", title: "Mine", labels: { connect: [{ id: "${id(40)}" }] } })`,
      ),
    ).toBeNull()
    expect(await outcome(stranger, `createIssue(data: { teamId: "${id(10)}", title: "Mine" })`)).toBe(
      'ForeignKeyError',
    )
    expect(
      await ask(
        member,
        '{ issues(where: { title: { equals: "Mine" } }) { nodes { author { name } labels { nodes { name } } } } }',
      ),
    ).toEqual({
      issues: { nodes: [{ author: { name: 'member' }, labels: { nodes: [{ name: 'bug' }] } }] },
    })
  })

  test('custom fields keep to the policies', async () => {
    expect(
      await ask(
        stranger,
        '{ issueByKey(key: "ENG-1") { title } teamWorkload(teamKey: "ENG") { openIssues } }',
      ),
    ).toEqual({ issueByKey: null, teamWorkload: [] })
    expect((await ask(member, '{ issueByKey(key: "ENG-1") { title key } }')).issueByKey).toEqual({
      title: 'Ours',
      key: 'ENG-1',
    })
    expect(await outcome(stranger, 'closeIssue(key: "ENG-1")')).toBe('NotFoundError')
    expect(await outcome(guest, 'closeIssue(key: "ENG-1")')).toBe('ForbiddenError')
    expect(await outcome(member, 'closeIssue(key: "ENG-1", comment: "Done")')).toBeNull()
  })
})

test('policies are typed by the Prisma schema', () => {
  definePolicy('Issue', {
    // @ts-expect-error There is no such field.
    read: () => ({ tilte: 'x' }),
    // @ts-expect-error A title is a text.
    update: () => ({ title: 3 }),
    delete: viewer => {
      expectTypeOf(viewer.id).toEqualTypeOf<string | null>()
      return { team: { memberships: { some: { role: 'OWNER' } } } }
    },
    // @ts-expect-error There is no such column.
    presets: { create: () => ({ autor: 'x' }) },
    fields: {
      title: { write: false },
      labels: { write: () => ({ priority: 'HIGH' }) },
      // @ts-expect-error There is no such field.
      tilte: { write: false },
    },
  })
  // @ts-expect-error There is no such model.
  definePolicy('Isue', {})
})
