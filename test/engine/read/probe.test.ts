import fc from 'fast-check'
import { afterAll, beforeAll, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
import { arbitraryFilter } from './model/arbitrary-filter.ts'
import { arbitraryWorld } from './model/arbitrary-world.ts'
import { matches } from './model/evaluate.ts'
import { storeWorld } from './model/store-world.ts'
import { rowsOf } from './model/world.ts'

let api: TestEngine
beforeAll(async () => {
  api = await createTestEngine({ project: fixture('wide') })
}, 60_000)
afterAll(() => api?.close())
test('x', async () => {
  const { datamodel } = api.engine
  const n = Number(process.env.N ?? 20),
    depth = Number(process.env.D ?? 0),
    seed = Number(process.env.SEED ?? 1)
  const model = datamodel.model(process.env.M ?? 'thing')
  const worlds = fc.sample(arbitraryWorld(datamodel), { numRuns: n, seed })
  const filters = fc.sample(arbitraryFilter(datamodel, model, depth), { numRuns: n * 40, seed })
  const keys = model.primaryKey!.fields
  let bad = 0
  const errs = new Map<string, string>()
  for (const [w, data] of worlds.entries()) {
    const world = { datamodel, ...data }
    await storeWorld(api, world)
    const asked = filters.slice(w * 40, w * 40 + 40)
    const ans = await api.query(
      `query(${asked.map((_, i) => `$f${i}: ${model.typeName}Filter`)}) { ${asked.map((_, i) => `q${i}: ${model.plural}(where: $f${i}, first: 100) { totalCount nodes { ${keys.join(' ')} } }`)} }`,
      Object.fromEntries(asked.map((f, i) => ['f' + i, f])),
    )
    for (const e of ans.errors ?? []) {
      const m = e.message.split('\n').filter(Boolean).at(-1)!
      if (!errs.has(m)) errs.set(m, JSON.stringify(asked[Number(String(e.path?.[0]).slice(1))]))
    }
    if (!ans.data) continue
    asked.forEach((filter, i) => {
      const r = ans.data['q' + i]
      if (!r) return
      const got = r.nodes.map((x: any) => JSON.stringify(x)).sort()
      const exp = rowsOf(world, model).filter(row => matches(world, model, filter, row) === true)
      const expk = exp.map(row => JSON.stringify(Object.fromEntries(keys.map(k => [k, row[k]])))).sort()
      if (JSON.stringify(got) !== JSON.stringify(expk) || r.totalCount !== exp.length) {
        if (bad++ < 12) {
          const fs = Object.keys(filter)
          const show = (k: string) => {
            const row: any = rowsOf(world, model).find(
              row => JSON.stringify(Object.fromEntries(keys.map(k => [k, row[k]]))) === k,
            )!
            return (
              k +
              JSON.stringify(
                Object.fromEntries(
                  fs.map(f => [f, row?.[model.fields.find(x => x.graphqlName === f)?.name ?? '']]),
                ),
              )
            )
          }
          console.log(
            JSON.stringify(filter),
            '\n  extra',
            got
              .filter((x: string) => !expk.includes(x))
              .slice(0, 3)
              .map(show)
              .join(' '),
            '\n  missing',
            expk
              .filter(x => !got.includes(x))
              .slice(0, 3)
              .map(show)
              .join(' '),
            r.totalCount,
            exp.length,
          )
        }
      }
    })
  }
  console.log('bad', bad, 'of', n * 40)
  console.log([...errs])
}, 100_000)
