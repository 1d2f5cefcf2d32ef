import { describe, expect, it } from 'vitest'
import { readLimits } from '../../src/cli/read-limits.ts'
import { defaultRequestLimits } from '../../src/limits/index.ts'

const read = (limits: unknown) => readLimits({ config: { limits } })

describe('the limits of refract.config.ts', () => {
  it('are all at their defaults, where nothing is set', () => {
    for (const config of [{}, { limits: undefined }, { limits: {} }]) {
      expect(readLimits({ config })).toEqual({ engine: {}, request: defaultRequestLimits })
    }
  })

  it("are parted into the engine's and the requests'", () => {
    expect(read({ maximumPageSize: 50, cost: 1_000, aliases: 5, selections: undefined })).toEqual({
      engine: { maximumPageSize: 50 },
      request: { ...defaultRequestLimits, cost: 1_000, aliases: 5 },
    })
  })

  it('name all that there are, for one that is not known', () => {
    for (const name of ['pageSize', 'constructor', '__proto__x']) {
      expect(() => read({ [name]: 1 })).toThrow(
        new RegExp(
          `wrong: ${name} is not known; expected some of defaultPageSize, .*transactionTimeout, bodyBytes, .*cost\\.`,
        ),
      )
    }
  })

  it('list all that are out of their range', () => {
    expect(() => read({ cost: 0, aliases: '5', nesting: 1.5, selectionDepth: 10 })).toThrow(
      'The limits in refract.config.ts are wrong: cost is 0, but expected a whole number from 1 to 1000000000; ' +
        'aliases is "5", but expected a whole number from 1 to 10000; ' +
        'nesting is 1.5, but expected a whole number from 1 to 500. Correct them and try again.',
    )
  })

  it.each([null, 'many', 7, []])('are no %j', limits => {
    expect(() => read(limits)).toThrow('limits in refract.config.ts is no object')
  })
})
