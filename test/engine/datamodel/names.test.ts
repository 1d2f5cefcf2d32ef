import { describe, expect, test } from 'vitest'
import { toCamelCase, toDelegate, toPascalCase, toPlural } from '../../../src/engine/datamodel/names.ts'

describe('names', () => {
  test.each([
    ['invoice_line', 'InvoiceLine'],
    ['InvoiceLine', 'InvoiceLine'],
    ['invoiceLine', 'InvoiceLine'],
    ['INVOICE_LINE', 'InvoiceLine'],
    ['HTTPServer', 'HTTPServer'],
    ['user__group', 'UserGroup'],
    ['_private', 'Private'],
    ['v2_api', 'V2Api'],
    ['URL', 'URL'],
    ['a', 'A'],
  ])('%s is the type %s', (name, expected) => expect(toPascalCase(name)).toBe(expected))

  test.each([
    ['unit_price', 'unitPrice'],
    ['UnitPrice', 'unitPrice'],
    ['UNIT_PRICE', 'unitPrice'],
    ['HTTPServer', 'httpServer'],
    ['URL', 'url'],
    ['ID', 'id'],
    ['userID', 'userID'],
    ['address2', 'address2'],
    ['line_2', 'line2'],
    ['xCoordinate', 'xCoordinate'],
  ])('%s is the field %s', (name, expected) => expect(toCamelCase(name)).toBe(expected))

  test.each([
    ['issue', 'issues'],
    ['category', 'categories'],
    ['box', 'boxes'],
    ['person', 'people'],
    ['invoiceLine', 'invoiceLines'],
    ['userStatus', 'userStatuses'],
    ['news', 'newsList'],
    ['series', 'seriesList'],
    ['users', 'usersList'],
    ['data', 'dataList'],
  ])('several of %s are %s', (name, expected) => expect(toPlural(name)).toBe(expected))

  test('the client has a model under its name with a small first letter', () => {
    expect(toDelegate('InvoiceLine')).toBe('invoiceLine')
    expect(toDelegate('invoice_line')).toBe('invoice_line')
    expect(toDelegate('URLEntry')).toBe('uRLEntry')
  })
})
