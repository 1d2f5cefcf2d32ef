import { beforeEach, describe, expect, it } from 'vitest'
import { createOrdinaryReport } from '../../src/cli/ordinary-report.ts'
import { silentLog } from '../../src/observe/log.ts'
import { createMetrics } from '../../src/observe/metrics.ts'

describe('what resolvers answered in place of compiled reads', () => {
  const warnings: string[] = []
  const details: string[] = []
  const log = {
    ...silentLog,
    debug: (message: string) => details.push(message),
    warn: (message: string) => warnings.push(message),
  }
  beforeEach(() => {
    warnings.length = 0
    details.length = 0
  })

  it('is counted by its reason', async () => {
    const metrics = createMetrics('1.2.3')
    const report = createOrdinaryReport(silentLog, metrics)
    report(new Error('a'), 'unprintable')
    report(new Error('b'), 'unprintable')
    report(new Error('c'), 'fault')
    const lines = (await metrics.read()).split('\n').filter(line => line.includes('not_compiled_total{'))
    expect(lines).toEqual([
      'refract_operations_not_compiled_total{reason="unprintable"} 2',
      'refract_operations_not_compiled_total{reason="fault"} 1',
    ])
  })

  it('is told in detail, without what a client sent', () => {
    const report = createOrdinaryReport(log, undefined)
    report(new Error('xml is printed by JavaScript.'), 'not_compilable')
    report(new Error('secret is no moment.'), 'input')
    expect(details).toEqual([
      'An operation was not compiled: xml is printed by JavaScript.',
      'An operation was not compiled: its input is refused.',
    ])
    expect(warnings).toEqual([])
  })

  it('is warned of once for each message where it is a fault, and 100 times at most', () => {
    const report = createOrdinaryReport(log, undefined)
    report(new TypeError('a is not a function'), 'fault')
    report(new TypeError('a is not a function'), 'fault')
    report(new Error('It broke.'), 'database')
    expect(warnings).toEqual([
      'A compiled operation failed, so that resolvers answered, which takes longer: a is not a function',
    ])
    for (let count = 0; count < 1_000; count += 1) report(new Error(`No column ${count}.`), 'fault')
    expect(warnings).toHaveLength(100)
    expect(warnings.at(-1)).toMatch(/No column 98\. Further faults of this kind are only counted\.$/)
  })
})
