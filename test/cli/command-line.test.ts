import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { spawnRefract } from '../support/refract-command.ts'
import { runRefract } from '../support/run-refract.ts'

const commandNames = [
  'start',
  'dev',
  'pull',
  'generate',
  'migrate',
  'db',
  'studio',
  'seed',
  'create-admin',
  'schema',
  'check',
]

describe('the command line', () => {
  it('lists the commands', async () => {
    const { exitCode, stdout, stderr } = await runRefract(['--help'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const name of [...commandNames, 'completion']) expect(stdout).toContain(`refract ${name}`)
  })

  it.each([...commandNames, 'schema print', 'schema diff'])('%s --help has examples', async name => {
    const { exitCode, stdout } = await runRefract([...name.split(' '), '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/Examples:\n\s+\S/)
  })

  it('knows its version', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(await spawnRefract(['--version'])).toMatchObject({ exitCode: 0, stdout: `${version}\n` })
  })

  it('prints a script for completion, which completes commands', async () => {
    expect((await runRefract(['completion'])).stdout).toContain('#compdef refract'.slice(9))
    const { stdout } = await runRefract(['--get-yargs-completions', 'refract', 'st'])
    expect(stdout).toContain('start')
    expect(stdout).toContain('studio')
  })

  it.each([
    [['strat'], 'There is no command strat. Did you mean start? See refract --help.'],
    [['schema', 'dif', 'a', 'b'], 'Did you mean diff? See refract --help.'],
    [['start', '--prot', '1'], 'Unknown argument: prot. Did you mean --port? See refract --help.'],
    [['nonsense-at-all'], 'Unknown argument: nonsense-at-all. See refract --help.'],
    [['schema', 'diff', 'a'], 'See refract --help.'],
    [[], 'Which command? See refract --help.'],
    [['start', '--project'], 'Not enough arguments following: project. See refract --help.'],
  ])('%j says what is wrong', async (commandArguments, message) => {
    const { exitCode, stdout, stderr } = await runRefract(commandArguments)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })

  it.each(['start', 'dev', 'generate', 'check', 'seed', 'schema print'])(
    '%s says in one paragraph that there is no schema',
    async name => {
      const directory = createProjectFolder({})
      const { exitCode, stderr } = await runRefract([...name.split(' '), '--project', directory])
      expect(exitCode).toBe(1)
      expect(stderr).toContain(`✗ There is no Prisma schema in ${directory}`)
      expect(stderr.trim().split('\n')).toHaveLength(1)
    },
  )

  it('lists every wrong variable, of the environment and of .env', async () => {
    const directory = createProjectFolder({ 'prisma/schema.prisma': datasource, '.env': 'LOG_LEVEL=loud\n' })
    const { exitCode, stderr } = await spawnRefract(['start', '--port', 'http'], {
      directory,
      environment: { DATABASE_URL: 'mysql://localhost/x' },
    })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('3 settings are wrong')
    for (const name of ['--port', 'DATABASE_URL', 'LOG_LEVEL']) expect(stderr).toContain(`${name} `)
  })

  it('names the line of a schema that does not parse, and generates nothing', async () => {
    const directory = createProjectFolder({
      'prisma/schema.prisma': `${datasource}model A {\n  id Imt @id\n}\n`,
    })
    const { exitCode, stderr } = await runRefract(['start', '--port', '0'], { directory })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('prisma/schema.prisma:5: Type "Imt" is neither a built-in type')
    expect(stderr).not.toContain('\n    at ')
  })

  it('refuses a schema for another database', async () => {
    const directory = createProjectFolder({
      'prisma/schema.prisma': 'datasource db {\n  provider = "sqlite"\n}\n',
    })
    const { exitCode, stderr } = await runRefract(['start', '--port', '0'], { directory })
    expect(exitCode).toBe(1)
    expect(stderr).toContain(
      'prisma/schema.prisma:2: the datasource\'s provider is "sqlite", but Refract serves PostgreSQL only',
    )
  })

  it('shows the stack only when asked', async () => {
    const directory = createProjectFolder({
      'prisma/schema.prisma': `${datasource}model A {\n  id Int @id\n}\n`,
      'refract.config.ts': "throw new TypeError('mine')",
    })
    const quiet = await runRefract(['schema', 'print'], { directory })
    expect(quiet.exitCode).toBe(1)
    expect(quiet.stderr).toContain('refract.config.ts could not be loaded: mine.')
    expect(quiet.stderr).not.toContain('    at ')
    const verbose = await spawnRefract(['schema', 'print', '--verbose'], { directory })
    expect(verbose.stderr).toContain(join(directory, 'refract.config.ts:1'))
  })
})
