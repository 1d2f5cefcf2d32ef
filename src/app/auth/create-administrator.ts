import type { ProjectClient, ProjectTransaction } from '../../engine/index.ts'
import { RefractError } from '../../errors.ts'
import type { CreatedAdministrator, NewAdministrator } from '../../index.ts'
import type { Auth } from './create-auth.ts'
import { chooseHandle } from './handle.ts'

/**
 * Makes a user of the role ADMIN: of who has the e-mail address, else a new one. A password that is given becomes
 * theirs, and ends the sessions that there are.
 *
 * @throws RefractError BAD_USER_INPUT for an address, a name or a password that cannot be
 */
export async function createAdministrator(
  auth: Auth,
  client: ProjectClient,
  { email: givenEmail, name, password }: NewAdministrator,
): Promise<CreatedAdministrator> {
  const email = givenEmail.trim().toLowerCase()
  assertEmail(email)
  const hash = password === undefined ? undefined : await hashPassword(auth, password)
  const existing = await client.user.findUnique({ where: { email }, select: { id: true } })
  if (!existing && name.trim() === '')
    throw wrong(`There is no user ${email} yet: expected a name to make one.`)
  const handle = existing ? undefined : await chooseHandle(client, name, email)
  return await client.$transaction(async transaction => {
    const { id } = handle
      ? await transaction.user.create({
          data: { email, name: name.trim(), handle, role: 'ADMIN', emailVerified: true },
        })
      : await transaction.user.update({ where: { email }, data: { role: 'ADMIN', isActive: true } })
    if (hash !== undefined) await setPassword(transaction, id, hash)
    return { id, isNew: existing === null }
  })
}

async function setPassword(transaction: ProjectTransaction, userId: string, hash: string): Promise<void> {
  const account = { providerId: 'credential', accountId: userId }
  await transaction.account.upsert({
    where: { providerId_accountId: account },
    create: { ...account, userId, password: hash },
    update: { password: hash },
  })
  await transaction.session.deleteMany({ where: { userId } })
}

function assertEmail(email: string): void {
  if (!/^[^@\s]+@[^@\s]+$/.test(email)) {
    throw wrong(`Expected an e-mail address such as ann@example.com, got ${JSON.stringify(email)}.`)
  }
}

async function hashPassword(auth: Auth, password: string): Promise<string> {
  const { config, hash } = (await auth.$context).password
  const { minPasswordLength, maxPasswordLength } = config
  if (password.length < minPasswordLength || password.length > maxPasswordLength) {
    throw wrong(
      `Expected a password of ${minPasswordLength} to ${maxPasswordLength} characters; one of ${password.length} came.`,
    )
  }
  return await hash(password)
}

function wrong(message: string): RefractError {
  return new RefractError('BAD_USER_INPUT', message)
}
