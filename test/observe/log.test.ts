import { execFile } from 'node:child_process'
import { Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { describeError } from '../../src/observe/describe-error.ts'
import { escapeControls } from '../../src/observe/escape-controls.ts'
import { createLineWriter } from '../../src/observe/line-writer.ts'
import { createLog } from '../../src/observe/log.ts'

const hostile = 'a\r\nb\u001b[31mc\u009bd\u202ee\u2028f\u0000g\ud800h'

function write(isProduction: boolean, message: string, fields = {}): string {
  let written = ''
  const log = createLog({ isProduction, destination: { write: text => (written += text) } })
  log.info(message, fields)
  return written
}

describe('the log', () => {
  it('writes one safe line for people', () => {
    expect(write(false, hostile)).toBe(
      'a\\u000d\\u000ab\\u001b[31mc\\u009bd\\u202ee\\u2028f\\u0000g\\ud800h\n',
    )
  })

  it('writes one safe JSON line that keeps the text', () => {
    const line = write(true, 'hello', { operationName: hostile })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    expect(line).toMatch(/^[^\u0000-\u001f\u007f-\u009f\u202e\u2028]*\n$/)
    expect(JSON.parse(line)).toMatchObject({ level: 'info', msg: 'hello', operationName: hostile })
  })

  it('leaves ordinary text of any language alone', () => {
    expect(escapeControls('Zürich 東京 עברית 🎉')).toBe('Zürich 東京 עברית 🎉')
  })
})

describe('lines for standard output', () => {
  it('are written together where they come together', async () => {
    const written: string[] = []
    const stream = new Writable({
      write(chunk, _encoding, done) {
        written.push(String(chunk))
        done()
      },
    })
    const writer = createLineWriter(stream)
    writer.write('a\n')
    writer.write('b\n')
    await nextTurn()
    writer.write('c\n')
    await nextTurn()
    expect(written).toEqual(['a\nb\n', 'c\n'])
  })

  it('are not lost when the process ends', async () => {
    const log = new URL('../../src/observe/log.ts', import.meta.url)
    const script = `import { createLog } from '${log}'; createLog({ isProduction: true }).error('last'); process.exit(3)`
    const ended = promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      '--input-type=module',
      '--eval',
      script,
    ])
    await expect(ended).rejects.toMatchObject({ code: 3, stdout: expect.stringMatching(/"msg":"last"}\n$/) })
  })
})

describe('an error in the log', () => {
  it('keeps causes and codes', () => {
    const cause = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    expect(describeError(new TypeError('failed', { cause }))).toMatchObject({
      name: 'TypeError',
      message: 'failed',
      stack: expect.stringMatching(/^\s+at /),
      cause: { name: 'Error', message: 'refused', code: 'ECONNREFUSED' },
    })
  })

  it('may be anything that was thrown', () => {
    expect(describeError('text')).toEqual({ name: 'string', message: 'text' })
    expect(describeError(undefined)).toEqual({ name: 'undefined', message: 'undefined' })
  })

  it('ends at causes that go in a circle', () => {
    const error = new Error('round')
    error.cause = error
    expect(describeError(error)).toMatchObject({ cause: { cause: { message: 'round' } } })
  })
})
