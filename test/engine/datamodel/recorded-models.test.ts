import { describe, expect, it } from 'vitest'
import { createDatamodel } from '../../../src/engine/datamodel/create-datamodel.ts'
import { readRecording } from '../../../src/engine/datamodel/recorded-models.ts'
import { column, describeModels, model } from './description.ts'

describe('readRecording', () => {
  const datamodel = createDatamodel(
    describeModels([
      model('Issue', [], { table: 'all issues', databaseSchema: 'work' }),
      model('Member', [column('teamId', { column: 'team_id' }), column('user', { column: 'user_id' })], {
        primaryKey: { name: null, fields: ['user', 'teamId'] },
      }),
      model('Country', [column('code', { column: 'iso' })], {
        primaryKey: null,
        uniqueKeys: [{ name: null, fields: ['code'] }],
      }),
      model('Session', [], { documentation: 'Who is here.\n@unrecorded' }),
      model('Secret', [], { documentation: '@hidden' }),
      model('Line', [], { primaryKey: null }),
      model('Overview', [], { isView: true }),
    ]),
  )

  it('names what is recorded as the database does, with the key in its order', () => {
    expect(readRecording(datamodel).recorded).toEqual([
      { model: 'Issue', schema: 'work', table: 'all issues', key: ['id'] },
      { model: 'Member', schema: null, table: 'Member', key: ['user_id', 'team_id'] },
      { model: 'Country', schema: null, table: 'Country', key: ['iso'] },
    ])
  })

  it('says why other tables are not; a view is neither', () => {
    expect(readRecording(datamodel).unrecorded.map(({ model: name, reason }) => [name, reason])).toEqual([
      ['Session', 'its comment says @unrecorded'],
      ['Secret', 'it is @hidden: the API does not have it'],
      ['Line', 'it has no key that tells its rows apart'],
    ])
  })

  it('takes the annotation out of the description', () => {
    expect(datamodel.model('Session').documentation).toBe('Who is here.')
  })
})
