import { describe, expect, it } from 'vitest'
import { readPrismaCall } from '../../src/cli/passed-through.ts'

describe('readPrismaCall', () => {
  it('passes everything on but our own options', () => {
    expect(
      readPrismaCall(['migrate', 'dev', '--project', 'shop', '--name', 'x y', '--create-only', '--verbose']),
    ).toEqual({
      project: 'shop',
      verbose: true,
      prismaArguments: ['migrate', 'dev', '--name', 'x y', '--create-only'],
    })
  })

  it('takes our options before the command and with an equal sign', () => {
    expect(readPrismaCall(['--project=shop', 'studio', '--port', '5555'])).toEqual({
      project: 'shop',
      verbose: false,
      prismaArguments: ['studio', '--port', '5555'],
    })
  })

  it.each([['start'], ['migrate', '--help'], ['studio', '-h'], ['--help'], ['completion'], []])(
    'leaves %j to our own parser',
    (...commandArguments: readonly string[]) => {
      expect(readPrismaCall(commandArguments)).toBeUndefined()
    },
  )

  it("leaves a command's help to Prisma", () => {
    expect(readPrismaCall(['migrate', 'dev', '--help'])?.prismaArguments).toEqual([
      'migrate',
      'dev',
      '--help',
    ])
  })
})
