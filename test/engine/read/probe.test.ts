import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestEngine, fixture, type TestEngine } from '../../support/engine.ts'
let api: TestEngine
beforeAll(async () => { api = await createTestEngine({ project: fixture('wide') }) }, 60_000)
afterAll(() => api?.close())
test('x', async () => {
  console.log(await api.sql('select datcollate, datctype, version() from pg_database'))
  await api.sql(`insert into oddity values (1, '10.0.0.1', 12.5, B'1010', B'101', '<a/>', 7, '10:00:00.123456+02', '{"a":1}', '{a,b}', '{2024-01-01T00:00:00.123456Z}', '{1.5}', '{1,2}', '{true}', '{018f4e9c-7a00-7000-8000-000000000001}', array['{"a":1}']::jsonb[], '{"\\\\x00"}', '{2024-01-01}', '{10:00:00}')`); await api.sql('insert into oddity (id) values (2)')
  const a = await api.query('{ oddities { nodes { id address money bits varbits document object clock json words moments prices bigs flags uuids jsons blobs days times } totalCount } }')
  console.log(JSON.stringify(a.data), a.errors?.map(e => [e.path, e.message]))
  const samples: any = { Int: 7, BigInt: '1', Decimal: '1.5', Float: 1.5, String: 'a', ID: 'a', UUID: '018f4e9c-7a00-7000-8000-000000000001', Boolean: true, DateTime: '2024-01-01T00:00:00.123456Z', Date: '2024-01-01', Time: '10:00:00', JSON: {a: 1}, Bytes: 'AA==' }
  const schema = api.engine.schema
  for (const model of api.engine.datamodel.models) for (const f of model.scalars) {
    const ft: any = (schema.getType(model.typeName + 'Filter') as any).getFields()[f.graphqlName].type
    for (const [op, fd] of Object.entries<any>(ft.getFields())) {
      if (op === 'mode') continue
      let v: any = op === 'isEmpty' ? true : op === 'path' ? ['a'] : op === 'hasKey' ? 'a' : samples[f.graphqlType] ?? 'red'
      if (f.name === 'address') v = '10.0.0.1'
      if (f.name === 'bits') v = '1010'
      if (f.name === 'varbits') v = '101'
      if (String(fd.type).startsWith('[') && op !== 'path') v = [v]
      for (const mode of ft.getFields().mode ? [undefined, 'INSENSITIVE'] : [undefined])
      for (const not of [false, true]) {
        const w = { [f.graphqlName]: { [op]: v, ...(mode ? { mode } : {}) } }
        const r = await api.query(`query($w: ${model.typeName}Filter) { r: ${model.plural}(where: $w) { totalCount } }`, { w: not ? { NOT: w } : w })
        if (r.errors) console.log(model.name, f.name, op, mode ?? '', not ? 'NOT': '', r.errors[0]!.message.split('\n').filter(Boolean).at(-1))
      }
    }
  }
  for (const model of api.engine.datamodel.models) for (const [name] of Object.entries<any>((schema.getType(model.typeName + 'Order') as any).getFields())) {
    const f = model.scalars.find(s => s.graphqlName === name)
    if (!f) continue
    const r = await api.query(`query { r: ${model.plural}(orderBy: [{${name}: ASC}]) { pageInfo { endCursor } } }`)
    if (r.errors) { console.log('ORDER', model.name, name, r.errors[0]!.message.split('\n').filter(Boolean).at(-1)); continue }
    const r2 = await api.query(`query { r: ${model.plural}(orderBy: [{${name}: ASC}], after: "${r.data.r.pageInfo.endCursor}") { pageInfo { endCursor } } }`)
    if (r2.errors) console.log('CURSOR', model.name, name, r2.errors[0]!.message.split('\n').filter(Boolean).at(-1))
    const r3 = await api.query(`query { r: ${model.plural} { groupBy(by: [${name}], orderBy: [{key: {${name}: ASC}}], having: {key: {${name}: {not: null}}}) { count key { ${name} } } }}`)
    if (r3.errors) console.log('GROUP', model.name, name, r3.errors[0]!.message.split('\n').filter(Boolean).at(-1))
  }
  for (const model of api.engine.datamodel.models) {
    const t: any = schema.getType(model.typeName + 'Aggregate')
    for (const fn of Object.keys(t.getFields())) { if (fn === 'count') continue
      for (const name of Object.keys(t.getFields()[fn].type.ofType.getFields())) {
        const r = await api.query(`query { r: ${model.plural} { aggregate { ${fn} { ${name} } } }}`)
        if (r.errors) console.log('AGG', model.name, fn, name, r.errors[0]!.message.split('\n').filter(Boolean).at(-1))
      }}
  }
}, 100_000)
