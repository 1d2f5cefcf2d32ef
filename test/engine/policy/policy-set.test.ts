import { describe, expect, test } from 'vitest'
import { createDatamodel } from '../../../src/engine/datamodel/create-datamodel.ts'
import type { ModelPolicy } from '../../../src/engine/policy/policy.ts'
import { createPolicySet } from '../../../src/engine/policy/policy-set.ts'
import { column, describeModels, model } from '../datamodel/description.ts'
import { policy } from './shop.ts'

const datamodel = createDatamodel(
  describeModels([
    model('Toy', [column('name')]),
    model(
      'Report',
      [
        column('title'),
        column('body', { nativeType: { name: 'Xml', args: [] } }),
        column('data', { type: 'Json' }),
      ],
      { isView: true, primaryKey: null },
    ),
  ]),
)
const faultsOf = (name: string, rules: ModelPolicy) => {
  try {
    createPolicySet(datamodel, [policy(name, rules)])
    return ''
  } catch (error) {
    return String(error)
  }
}

describe('the fields that cursors are made of', () => {
  test('of a table are those of its key, and cannot be hidden', () => {
    expect(faultsOf('Toy', { read: true, fields: { id: false } })).toContain(
      'Toy.id belongs to the primary key, which is as visible as its row',
    )
    expect(faultsOf('Toy', { read: true, fields: { name: false, id: { write: false } } })).toBe('')
    expect(faultsOf('Toy', { read: true, otherFields: false })).toBe('')
  })

  test('of a view without a key are all that have an order, and no others', () => {
    expect(faultsOf('Report', { read: true, fields: { title: false } })).toContain(
      'Report.title is a part of every cursor, since Report has no primary key',
    )
    expect(faultsOf('Report', { read: true, otherFields: false })).toContain(
      'Report.title is a part of every cursor',
    )
    expect(faultsOf('Report', { read: true, fields: { body: false, data: false } })).toBe('')
  })
})
