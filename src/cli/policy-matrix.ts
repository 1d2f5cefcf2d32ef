import { anonymous, createViewer, type Extent, type MatrixRow } from '../engine/index.ts'
import { StartError } from '../errors.ts'
import { generateProject, type LoadedProject, loadProject, openProject } from '../project/index.ts'
import type { CommonArguments } from './commands.ts'
import { createApi, createIdleClient } from './create-api.ts'
import { print, style } from './terminal.ts'

/** The id of the viewers that are made up for the matrix. */
const someId = '00000000-0000-7000-8000-000000000000'

const words: Readonly<Record<Extent, string>> = { all: 'all', some: 'some', none: '–', wrong: 'error' }
const colours = { all: 'green', some: 'yellow', none: 'dim', wrong: 'red' } as const

/** `refract policy matrix`: how many rows each rule gives to each role. Needs no database. */
export async function runPolicyMatrix({ project: directory }: CommonArguments): Promise<number> {
  const project = openProject(directory)
  await generateProject(project)
  const loaded = await loadProject(project)
  const roles = readRoles(loaded)
  const { explain } = await createApi(loaded, createIdleClient(loaded))
  const viewers = [anonymous, ...roles.map(role => createViewer({ id: someId, roles: [role] }))]
  printMatrix(['anonymous', ...roles], explain.matrix(viewers))
  if (roles.length === 0)
    print(
      '',
      "Name the roles of your viewers in refract.config.ts to see theirs: roles: ['member', 'admin'].",
    )
  return 0
}

function readRoles({ config }: LoadedProject): readonly string[] {
  const { roles = [] } = config
  if (Array.isArray(roles) && roles.every(role => typeof role === 'string')) return roles
  throw new StartError(
    "roles in refract.config.ts is wrong: expected a list of names, such as ['member', 'admin'].",
  )
}

function printMatrix(columns: readonly string[], rows: readonly MatrixRow[]): void {
  const subjectWidth = Math.max(...rows.map(({ subject }) => subject.length), 5)
  const widths = columns.map(column => Math.max(column.length, 5))
  const cells = columns.map((column, index) => column.padEnd(widths[index] ?? 0))
  print(style('bold', `${'model'.padEnd(subjectWidth)}  ${'rule'.padEnd(6)}  ${cells.join('  ')}`))
  let previous = ''
  for (const { subject, operation, extents } of rows) {
    const values = extents.map((extent, index) =>
      style(colours[extent], words[extent].padEnd(widths[index] ?? 0)),
    )
    const name = subject === previous ? '' : subject
    print(`${name.padEnd(subjectWidth)}  ${operation.padEnd(6)}  ${values.join('  ')}`.trimEnd())
    previous = subject
  }
}
