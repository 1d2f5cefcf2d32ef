import { capitalize } from '../../lib/capitalize.ts'
import type { Random } from './random.ts'
import { AUDIENCES, CHORES, CIRCUMSTANCES, CRITERIA, CUSTOMERS, IMPACTS, REASONS } from './words/issues.ts'
import type { TeamWords } from './words/teams.ts'

export type IssueKind = 'bug' | 'feature' | 'chore'

/** What somebody has written into an issue. */
export interface IssueText {
  readonly kind: IssueKind
  readonly title: string
  /** Markdown. */
  readonly description: string | null
  readonly keywords: readonly string[]
  readonly metadata: IssueMetadata | null
  /** The part of the product that it is about. */
  readonly part: string
}

type IssueMetadata = Readonly<Record<string, string | number | boolean | Readonly<Record<string, string>>>>

/** A bug, a wish or a chore of a team. */
export function createIssueText(random: Random, words: TeamWords): IssueText {
  const kind = random.weighted({ bug: 50, feature: 33, chore: 17 })
  const part = random.pick(words.parts)
  const writers = { bug: writeBug, feature: writeFeature, chore: writeChore }
  const { title, description } = writers[kind](random, words, part)
  const own = part.split(' ').filter(word => word.length > 3)
  return {
    kind,
    part,
    title,
    description: random.chance(0.92) ? description : null,
    keywords: random.chance(0.7)
      ? [...own.map(word => word.toLowerCase()), ...(random.chance(0.5) ? [kind] : [])]
      : [],
    metadata: random.chance(0.6) ? createMetadata(random, kind) : null,
  }
}

function writeBug(random: Random, words: TeamWords, part: string) {
  const fault = random.pick(words.faults)
  const circumstance = random.pick(CIRCUMSTANCES)
  const steps = [
    `Start with an account of ${random.pick(CUSTOMERS)}.`,
    `Try ${part} ${circumstance}.`,
    random.pick(['Wait for a minute.', 'Do it a second time.', 'Look at the result.']),
  ]
  return {
    title: `${capitalize(part)}: ${fault} ${circumstance}`,
    description: [
      `## What happens\n\nThere is a problem with ${part}: ${fault}.`,
      `## How to see it\n\n${steps.map((step, position) => `${position + 1}. ${step}`).join('\n')}`,
      random.sample(IMPACTS, random.integer(1, 2)).join(' '),
    ].join('\n\n'),
  }
}

function writeFeature(random: Random, words: TeamWords, part: string) {
  const wish = random.pick(words.wishes)
  const audience = random.pick(AUDIENCES)
  const criteria = random.sample(CRITERIA, random.integer(2, 4))
  return {
    title: random.chance(0.5)
      ? `Add ${wish} to ${part} ${audience}`
      : `${capitalize(part)}: ${wish} ${audience}`,
    description: [
      `We would like to see ${wish} in ${part} ${audience}. ${random.pick(REASONS)}`,
      `It is done when\n\n${criteria.map(criterion => `- ${criterion}`).join('\n')}`,
    ].join('\n\n'),
  }
}

function writeChore(random: Random, _words: TeamWords, part: string) {
  return {
    title: random.pick(CHORES).replace('{part}', part),
    description: `${random.pick(REASONS)} ${random.pick(IMPACTS)}`,
  }
}

function createMetadata(random: Random, kind: IssueKind): IssueMetadata {
  const source = random.weighted({ app: 5, email: 3, monitoring: kind === 'bug' ? 4 : 0 })
  if (source === 'email') {
    const customer = { name: random.pick(CUSTOMERS), plan: random.pick(['free', 'team', 'enterprise']) }
    return { source, customer, answered: random.chance(0.8) }
  }
  if (source === 'monitoring') {
    return {
      source,
      events: random.integer(3, 4_000),
      release: `4.${random.integer(0, 3)}.${random.integer(0, 9)}`,
    }
  }
  const browser = {
    name: random.pick(['Firefox', 'Chrome', 'Safari']),
    version: String(random.integer(130, 146)),
  }
  return { source, browser, locale: random.pick(['en', 'de', 'fr', 'pt-BR', 'ja']) }
}
