import type { QueryExplanation, RowExplanation, RuleExplanation, Viewer } from '../engine/index.ts'
import { RefractError, StartError } from '../errors.ts'
import { generateProject, loadProject } from '../project/index.ts'
import { asViewer } from './as-viewer.ts'
import type { CommonArguments } from './commands.ts'
import { createApi } from './create-api.ts'
import { openSession } from './session.ts'
import { count, print, style } from './terminal.ts'
import { withProject } from './with-project.ts'

export interface PolicyExplainArguments extends CommonArguments {
  readonly as: string
  /** A query of GraphQL, or the name of a row. */
  readonly subject: string
}

/** `refract policy explain`: which rule hides a row or a field from a viewer, or lets it be seen and changed. */
export async function runPolicyExplain(commandArguments: PolicyExplainArguments): Promise<number> {
  const { as, subject } = commandArguments
  const session = openSession(commandArguments)
  await generateProject(session.project)
  const loaded = await loadProject(session.project)
  await withProject(session, loaded, async ({ client, provider }) => {
    const { explain } = await createApi(loaded, client)
    const viewer = await asViewer(as, provider)
    try {
      if (/^\s*(\{|query\b|fragment\b|#)/.test(subject))
        printQuery(await explain.query(subject, viewer), viewer)
      else printRow(await explain.row(subject, viewer), viewer)
    } catch (error) {
      throw error instanceof RefractError ? new StartError(error.message, { cause: error }) : error
    }
  })
  return 0
}

function printRow(explanation: RowExplanation, viewer: Viewer): void {
  print(`${style('bold', nameOf(explanation))} for ${describeViewer(viewer)}`)
  for (const rule of explanation.rules) printRule(rule)
}

function printQuery({ absent, hidden, rowCount }: QueryExplanation, viewer: Viewer): void {
  print(`The query for ${describeViewer(viewer)}`)
  if (absent.length > 0) print('', style('bold', 'Not in the viewer’s API'))
  for (const { coordinate, reason } of absent) print(`  ${style('red', '✗')} ${coordinate}: ${reason}`)
  for (const { first, others } of groupAlike(hidden)) {
    print('', `${style('bold', nameOf(first))}${others > 0 ? `, and ${count(others, 'row')} like it` : ''}`)
    for (const rule of hidingRules(first)) printRule(rule)
  }
  const seen = rowCount - hidden.filter(row => row.rules[0]?.holds === false).length
  print('', `${count(rowCount, 'row')} for an administrator, ${seen} for the viewer.`)
}

/** Rows that are hidden by the same conditions are told once. */
function groupAlike(rows: readonly RowExplanation[]): readonly { first: RowExplanation; others: number }[] {
  const groups = new Map<string, { first: RowExplanation; others: number }>()
  for (const row of rows) {
    const reason = JSON.stringify([row.model, hidingRules(row)])
    const group = groups.get(reason)
    if (group) group.others += 1
    else groups.set(reason, { first: row, others: 0 })
  }
  return [...groups.values()]
}

/** What is not there has no fields to be looked at. */
function hidingRules({ rules: [read, , , ...fields] }: RowExplanation): readonly RuleExplanation[] {
  return read && !read.holds ? [read] : fields.filter(rule => !rule.holds)
}

function printRule({ rule, holds, reason, conditions }: RuleExplanation): void {
  print(`  ${mark(holds)} ${rule}${reason ? style('dim', `  ${reason}`) : ''}`)
  for (const condition of conditions) print(`      ${mark(condition.holds)} ${condition.text}`)
}

function mark(holds: boolean): string {
  return holds ? style('green', '✓') : style('red', '✗')
}

function nameOf({ model, key }: RowExplanation): string {
  const values = Object.values(key)
  return `${model}:${values.length === 1 ? String(values[0]) : JSON.stringify(key)}`
}

function describeViewer({ id, roles, isAdministrator, claims }: Viewer): string {
  if (isAdministrator) return 'an administrator, who passes every policy'
  if (id === null && roles.length === 0) return 'somebody who has not signed in'
  const facts = [
    `roles ${roles.join(', ') || 'none'}`,
    ...Object.entries(claims).map(([name, value]) => `${name} ${JSON.stringify(value)}`),
  ]
  return `the viewer ${id ?? 'without an id'} (${facts.join('; ')})`
}
