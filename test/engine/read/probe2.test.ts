import { afterAll, beforeAll, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
let api: TestEngine
beforeAll(async () => { api = await createTestEngine({ project: fixture('wide') }) }, 60_000)
afterAll(() => api?.close())
test('x', async () => {
  await api.sql(`insert into thing (name, code, created_at, changed_at, time, local_moment) select 'n'||i, i::text, '2024-01-01 00:00:00.123450Z'::timestamptz + (i||' us')::interval,  '2024-01-01 00:00:00.123456Z', '10:00:00.123456'::time + (i||' us')::interval, '2024-01-01 00:00:00.123456' from generate_series(1,10) i`)
  for (const [o, dir] of [['createdAt','ASC'],['createdAt','DESC'],['time','ASC'],['localMoment','DESC'],['changedAt', 'ASC']]) {
    let after: any = null; const seen: any[] = []
    for (let i = 0; i < 8; i++) {
      const r = await api.query(`query($after: String) { things(orderBy: [{${o}: ${dir}}], first: 3, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } }`, { after })
      if (r.errors) { console.log(r.errors[0]); break }
      seen.push(...r.data.things.nodes.map((n: any) => n.id)); after = r.data.things.pageInfo.endCursor
      if (i === 0) console.log(r.statements, Buffer.from(after, 'base64url').toString())
      if (!r.data.things.pageInfo.hasNextPage) break
    }
    console.log(o, dir, seen.join())
  }
  for (const f of ['2024-01-01T00:00:00.123455Z', '2024-01-01T00:00:00.123455+00:00','2024-01-01T01:00:00.123455+01:00']) { const r = await api.query(`query($f: DateTime) { a: things(where: {createdAt: {equals: $f}}) { nodes { id createdAt } } b: things(where: {createdAt: {in: [$f]}}) { nodes { id } } c: things(where: {createdAt: {gt: $f}}) { totalCount } d: things(where: {time: {gt: "10:00:00.123461"}}) { totalCount } }`, { f }); console.log(JSON.stringify(r)) }
  await api.sql(`insert into oddity(id, moments, times, clock) values (1, '{2024-01-01T00:00:00.123456Z}', '{10:00:00}', '10:00:00.123456+02')`)
  const c: any = api.client
  for (const w of [{moments: {has: "2024-01-01T00:00:00.123456Z"}}, {moments: {hasSome: ["2024-01-01T00:00:00.123456Z"]}}, {moments: {equals: ["2024-01-01T00:00:00.123456Z"]}}, {times: {has: '10:00:00'}}, {times: {hasSome: ['10:00:00']}}, {clock: {equals: '08:00:00.123456'}}]) {
    const r = await api.query(`query($w: OddityFilter) { oddities(where: $w) { totalCount } }`, {w}); console.log(JSON.stringify(w), JSON.stringify(r.data), r.errors?.[0]?.message.slice(-200))
  }
})
