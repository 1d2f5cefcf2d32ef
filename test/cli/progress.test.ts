import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createProgress, formatBar } from '../../src/cli/progress.ts'

function createOutput(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) }
}

describe('createProgress', () => {
  it('writes one line a finished step where there is no terminal', () => {
    const output = createOutput(false)
    const step = createProgress(output)('Users', 2_000)
    step.advance(500)
    step.advance(1_500)
    expect(output.written).toEqual([])
    step.done()
    step.done()
    expect(output.written).toHaveLength(1)
    expect(output.written[0]).toMatch(/^ {2}Users +2,000 {2}\d+ ms\n$/)
  })

  it('draws a bar on a terminal, and puts a line in its place', () => {
    const output = createOutput(true)
    const step = createProgress(output)('Users', 10)
    expect(stripVTControlCharacters(output.written[0] ?? '')).toMatch(/^\r {2}Users +░{40} 0\/10$/)
    step.done()
    expect(output.written.at(-2)).toBe('\r\u001B[2K')
    expect(output.written.at(-1)).toMatch(/^ {2}Users +10 {2}\d+ ms\n$/)
  })
})

describe('formatBar', () => {
  it('fills as far as the step has come', () => {
    expect(stripVTControlCharacters(formatBar('Users', 5, 10, 80))).toMatch(/█{20}░{20} 5\/10$/)
  })

  it.each([20, 40, 60, 80])('fits into %i columns', columns => {
    const bar = stripVTControlCharacters(
      formatBar('A label that is far too long for it', 999_999, 1_000_000, columns),
    )
    expect(bar.length).toBeLessThanOrEqual(columns)
  })

  it('takes a step of nothing', () => {
    expect(stripVTControlCharacters(formatBar('None', 0, 0, 80))).toContain('0/0')
  })
})
