import { text } from 'node:stream/consumers'
import { createSecret, type NewAdministrator } from '../auth/index.ts'
import { StartError } from '../errors.ts'
import { generateProject, loadProject } from '../project/index.ts'
import type { CommonArguments } from './commands.ts'
import { readAuthConfig } from './create-auth.ts'
import { createPrompt, type Prompt } from './prompt.ts'
import { openSession } from './session.ts'
import { print, style } from './terminal.ts'
import { withProject } from './with-project.ts'

export interface CreateAdminArguments extends CommonArguments {
  readonly email?: string
  readonly name?: string
  readonly passwordStdin: boolean
  readonly printSecret: boolean
}

/** `refract create-admin`: a user of the project's own sign-in who may do what its administrators may. */
export async function runCreateAdmin(commandArguments: CreateAdminArguments): Promise<number> {
  if (commandArguments.printSecret) {
    print(createSecret())
    return 0
  }
  const session = openSession(commandArguments)
  await generateProject(session.project)
  const loaded = await loadProject(session.project)
  // Before anything is asked: without users there is nothing to ask for.
  if (!readAuthConfig(loaded).provider) throw withoutUsers()
  const administrator = await readAdministrator(commandArguments)
  await withProject(session, loaded, async ({ provider }) => {
    if (!provider?.createAdministrator) throw withoutUsers()
    const { isNew } = await provider.createAdministrator(administrator)
    print(`${style('green', '✓')} ${describe(administrator, isNew)}`)
  })
  return 0
}

function withoutUsers(): StartError {
  return new StartError(
    'This project has no sign-in of its own that could have an administrator: auth.provider in refract.config.ts is not ' +
      'set, or makes none. An operator is let in by a secret instead: set REFRACT_ADMIN_SECRET (refract create-admin ' +
      '--print-secret makes one) and send it in the header x-refract-admin-secret.',
  )
}

/** From the flags and, where a person is at the terminal, by asking. */
async function readAdministrator(commandArguments: CreateAdminArguments): Promise<NewAdministrator> {
  const { passwordStdin } = commandArguments
  if (passwordStdin) {
    const password = (await text(process.stdin)).replace(/\r?\n$/, '')
    return { ...readFlags(commandArguments), password }
  }
  if (!process.stdin.isTTY) return { ...readFlags(commandArguments), password: undefined }
  const prompt = createPrompt({ input: process.stdin, output: process.stdout })
  try {
    return await askForAdministrator(commandArguments, prompt)
  } finally {
    prompt.close()
  }
}

function readFlags({ email, name = '' }: CreateAdminArguments): { email: string; name: string } {
  if (email) return { email, name }
  throw new StartError(
    'Whom? Expected --email ann@example.com, and --name "Ann" where there is no such user yet.',
  )
}

/** Asks for what the flags leave open. Throws a StartError where a password is not typed twice alike. */
export async function askForAdministrator(
  { email, name }: Pick<CreateAdminArguments, 'email' | 'name'>,
  prompt: Prompt,
): Promise<NewAdministrator> {
  const answered = {
    email: email ?? (await prompt.ask('E-mail address: ')),
    name: name ?? (await prompt.ask('Name (of a new user; otherwise empty): ')),
  }
  const password = await prompt.askSecretly('Password (empty to leave it as it is): ')
  if (password === '') return { ...answered, password: undefined }
  if ((await prompt.askSecretly('Once more: ')) !== password)
    throw new StartError('The two passwords differ. Nothing was changed.')
  return { ...answered, password }
}

function describe({ email, password }: NewAdministrator, isNew: boolean): string {
  const who = isNew ? `Made the user ${email}, who is` : `${email} is`
  if (password !== undefined) return `${who} an administrator, with the password that you gave.`
  return isNew
    ? `${who} an administrator and has no password yet: it can be asked for by a reset, or given by --password-stdin.`
    : `${who} an administrator.`
}
