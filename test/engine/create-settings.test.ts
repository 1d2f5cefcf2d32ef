import { expect, test } from 'vitest'
import { createSettings } from '../../src/engine/operations/create-settings.ts'
import { defaultSettings } from '../../src/engine/operations/scope.ts'

test('without limits of its own a project has the defaults', () => {
  expect(createSettings()).toEqual(defaultSettings)
})

test('a limit can be set', () => {
  expect(createSettings({ maximumPageSize: 500 })).toEqual({ ...defaultSettings, maximumPageSize: 500 })
})

test('all limits that are wrong are listed at once', () => {
  const limits = { defaultPageSize: -5, maximumNodeIds: '9' as never, maximumPages: 3 }
  expect(() => createSettings(limits)).toThrow(
    /defaultPageSize is -5, but expected a whole number from 1 to 10000; maximumNodeIds is "9".*; maximumPages is not known/,
  )
})

test('a page cannot have more rows without `first` than with it', () => {
  expect(() => createSettings({ defaultPageSize: 50, maximumPageSize: 10 })).toThrow(
    /more than maximumPageSize \(10\)/,
  )
})
