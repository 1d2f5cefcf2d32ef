import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { buildSchema, graphqlSync } from 'graphql'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createProjectFolder } from '../support/project-folder.ts'
import { spawnRefract } from '../support/refract-command.ts'
import { runRefract } from '../support/run-refract.ts'

const before = 'type Query { a: Int b: Color }\nenum Color { RED }\n'
const safe = 'type Query { a: Int b: Color c: Int }\nenum Color { RED }\n'
const dangerous = 'type Query { a: Int b: Color }\nenum Color { RED BLUE }\n'
const breaking = 'type Query { b: Color c: Int }\nenum Color { RED BLUE }\n'

const folder = () => createProjectFolder({ before, safe, dangerous, breaking, broken: 'type Query {' })

async function serveSchema(source: string): Promise<string> {
  const schema = buildSchema(source)
  const server = createServer(async (request, response) => {
    const { query } = JSON.parse(await text(request)) as { query: string }
    response.end(JSON.stringify(graphqlSync({ schema, source: query })))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`
}

describe('refract schema diff', () => {
  it('says that there is no difference', async () => {
    expect(await runRefract(['schema', 'diff', 'before', 'before'], { directory: folder() })).toEqual({
      exitCode: 0,
      stdout: 'No difference.\n',
      stderr: '',
    })
  })

  it.each([
    ['safe', 0, "✓ safe       Field 'c' was added to object type 'Query'"],
    ['dangerous', 0, "! dangerous  Enum value 'BLUE' was added to enum 'Color'"],
    ['breaking', 1, "✗ breaking   Field 'a' was removed from object type 'Query'"],
  ])('%s changes end with %i', async (name, exitCode, line) => {
    const result = await runRefract(['schema', 'diff', 'before', name], { directory: folder() })
    expect(result).toMatchObject({ exitCode, stderr: '' })
    expect(result.stdout).toContain(line)
  })

  it('shows the worst first and counts', async () => {
    const { stdout } = await runRefract(['schema', 'diff', 'before', 'breaking'], { directory: folder() })
    expect(stdout.split('\n').map(line => line.slice(0, 11))).toEqual([
      '✗ breaking ',
      '! dangerous',
      '✓ safe     ',
      '1 breaking ',
      '',
    ])
  })

  it('reads standard input and a running API', async () => {
    const url = await serveSchema(breaking)
    const result = await spawnRefract(['schema', 'diff', '-', url], { input: before })
    expect(result).toMatchObject({ exitCode: 1, stderr: '' })
    expect(result.stdout).toContain("Field 'a' was removed")
  })

  it.each([
    [['before', 'none'], 'There is no file none.'],
    [['before', 'broken'], 'broken is not a schema in the GraphQL schema language: Syntax Error'],
    [['-', '-'], 'Only one of the two schemas can come from standard input'],
    [
      ['before', 'http://127.0.0.1:1/graphql'],
      "http://127.0.0.1:1/graphql did not answer GraphQL's introspection",
    ],
  ])('%j says what is wrong', async (sources, message) => {
    const { exitCode, stderr } = await runRefract(['schema', 'diff', ...sources], { directory: folder() })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(message)
  })

  it('names files relative to where it runs', async () => {
    const directory = folder()
    const { exitCode } = await runRefract([
      'schema',
      'diff',
      join(directory, 'before'),
      join(directory, 'safe'),
    ])
    expect(exitCode).toBe(0)
  })
})
