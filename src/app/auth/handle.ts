import { randomInt } from 'node:crypto'
import type { ProjectClient } from '../../engine/index.ts'
import type { WatchedClient } from './database-faults.ts'

const longestHandle = 40 // characters, without what makes it unique
const suffixLetters = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A handle that nobody has: made of the name, else of the e-mail address; `john-doe`, or `john-doe-x7k2p`. */
export async function chooseHandle(
  client: ProjectClient | WatchedClient,
  name: string,
  email: string,
): Promise<string> {
  const handle = toHandle(name) || toHandle(email.replace(/@.*$/, '')) || 'user'
  const taken = await client.user.findUnique({ where: { handle }, select: { id: true } })
  return taken ? `${handle}-${createSuffix()}` : handle
}

/** What the check constraint `user_handle_valid` wants: letters, digits and single hyphens. */
function toHandle(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, longestHandle)
    .replace(/^-+|-+$/g, '')
}

function createSuffix(): string {
  return Array.from({ length: 6 }, () => suffixLetters.charAt(randomInt(suffixLetters.length))).join('')
}
