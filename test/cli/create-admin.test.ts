import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askForAdministrator } from '../../src/cli/create-admin.ts'
import { createPrompt } from '../../src/cli/prompt.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { spawnRefract } from '../support/refract-command.ts'
import { runRefract } from '../support/run-refract.ts'

const directory = fileURLToPath(new URL('../..', import.meta.url))

describe('refract create-admin', () => {
  let database: TestDatabase
  let pool: pg.Pool
  beforeAll(async () => {
    database = await createTestDatabase()
    pool = new pg.Pool({ connectionString: database.url, max: 1 })
  })
  afterAll(async () => {
    await pool.end()
    await database.drop()
  })

  const run = (flags: readonly string[], input = '', runIt = runRefract) =>
    runIt(['create-admin', ...flags], { directory, environment: { DATABASE_URL: database.url }, input })
  const findUser = async (email: string) => {
    const { rows } = await pool.query(
      `SELECT users.name, users.role, users.is_active, users.handle, accounts.password IS NOT NULL AS has_password
       FROM users LEFT JOIN accounts ON accounts.user_id = users.id WHERE email = $1`,
      [email],
    )
    return rows
  }

  it('makes a user who is an administrator, with a password from standard input', async () => {
    const flags = ['--email', 'Ann@Example.com', '--name', 'Ann Lee', '--password-stdin']
    const { exitCode, stdout, stderr } = await run(flags, 'a good password\n', spawnRefract)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('is an administrator, with the password that you gave.')
    expect(stdout).not.toContain('a good password')
    expect(await findUser('ann@example.com')).toEqual([
      { name: 'Ann Lee', role: 'ADMIN', is_active: true, handle: 'ann-lee', has_password: true },
    ])
  })

  it('makes an administrator of a user who is there, and leaves the password as it is', async () => {
    await pool.query(
      `INSERT INTO users (id, email, name, handle, is_active, updated_at)
       VALUES (gen_random_uuid(), 'bob@example.com', 'Bob', 'bob', false, now())`,
    )
    const { exitCode, stdout } = await run(['--email', 'bob@example.com'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '✓ bob@example.com is an administrator.\n' })
    expect(await findUser('bob@example.com')).toEqual([
      { name: 'Bob', role: 'ADMIN', is_active: true, handle: 'bob', has_password: false },
    ])
  })

  it.each([
    [
      ['--email', 'nobody@example.com'],
      '',
      'There is no user nobody@example.com yet: expected a name to make one.',
    ],
    [
      ['--email', 'no address', '--name', 'X'],
      '',
      'Expected an e-mail address such as ann@example.com, got "no address".',
    ],
    [
      ['--email', 'carl@example.com', '--name', 'Carl', '--password-stdin'],
      'short\n',
      'Expected a password of 10 to 128 characters; one of 5 came.',
    ],
    [[], '', 'Expected --email ann@example.com'],
    [['--email', 'carl@example.com', '--password', 'on the command line'], '', 'Unknown argument: password.'],
  ])('refuses %j and changes nothing', async (flags, input, message) => {
    const { exitCode, stdout, stderr } = await run(flags, input)
    expect(exitCode).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    const { rows } = await pool.query("SELECT email FROM users WHERE email !~ '^(ann|bob)@'")
    expect(rows).toEqual([])
  })

  it('says how an operator gets in where the project has no users', async () => {
    const folder = createProjectFolder({
      'prisma/schema.prisma': `${datasource}model A {\n  id Int @id\n}\n`,
    })
    const { exitCode, stderr } = await runRefract(['create-admin', '--email', 'a@b.c'], { directory: folder })
    expect(exitCode).toBe(1)
    expect(stderr).toContain('REFRACT_ADMIN_SECRET')
    expect(stderr).toContain('x-refract-admin-secret')
  })

  it('prints a fresh secret, which production takes', async () => {
    const [first, second] = [await run(['--print-secret']), await run(['--print-secret'])]
    expect(first.stdout).toMatch(/^[\w-]{43}\n$/)
    expect(first.stdout).not.toBe(second.stdout)
  })
})

describe('asking for an administrator', () => {
  /** Types the lines one by one, each when it is asked for. */
  async function answer(flags: { email?: string; name?: string }, lines: readonly string[]) {
    const [input, output] = [new PassThrough(), new PassThrough()]
    const typed = [...lines]
    let shown = ''
    output.setEncoding('utf8').on('data', (chunk: string) => {
      shown += chunk
      // A terminal's own sequences may stand behind the question.
      if (/: $/.test(stripVTControlCharacters(chunk))) setImmediate(() => input.write(`${typed.shift()}\n`))
    })
    const prompt = createPrompt({ input, output })
    try {
      return { administrator: await askForAdministrator(flags, prompt), shown: () => shown }
    } finally {
      prompt.close()
    }
  }

  it('asks for everything, and shows no password', async () => {
    const { administrator, shown } = await answer({}, [
      'ann@example.com',
      'Ann',
      'a good password',
      'a good password',
    ])
    expect(administrator).toEqual({ email: 'ann@example.com', name: 'Ann', password: 'a good password' })
    expect(shown()).toContain('ann@example.com')
    expect(shown()).not.toContain('good')
  })

  it('asks only for what the flags leave open, and leaves a password as it is', async () => {
    const { administrator } = await answer({ email: 'ann@example.com', name: '' }, [''])
    expect(administrator).toEqual({ email: 'ann@example.com', name: '', password: undefined })
  })

  it('takes no password that was typed differently the second time', async () => {
    await expect(answer({ email: 'a@b.c', name: 'A' }, ['a good password', 'another one'])).rejects.toThrow(
      'The two passwords differ.',
    )
  })
})
