import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const source = fileURLToPath(new URL('../src', import.meta.url))

interface Import {
  readonly from: string
  readonly to: string
  /** Erased when the code runs. */
  readonly isType: boolean
}

/** What each room may import beside itself, `errors` and `lib`; the longest matching path is a file's room. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  'main.ts': ['cli', 'config.ts'],
  'index.ts': ['define-config.ts', 'engine/index.ts', 'auth/index.ts', 'limits/index.ts'],
  'define-config.ts': ['engine/index.ts', 'auth/index.ts', 'limits/index.ts'],
  'config.ts': [],
  'errors.ts': [],
  lib: [],
  // the commands that main wires
  cli: [
    'cli/changes/wanted-recording.ts',
    'server',
    'app',
    'auth',
    'limits',
    'database',
    'config.ts',
    'project',
    'engine/index.ts',
    'observe',
    'events',
  ],
  // a part of the schema engine's process, which starts for each command of the Prisma CLI
  'cli/changes/wanted-recording.ts': ['project', 'engine/datamodel'],
  server: ['auth', 'limits', 'observe', 'engine/index.ts'],
  auth: ['limits/index.ts', 'engine/index.ts', 'observe'],
  limits: ['engine/index.ts', 'observe'],
  app: ['index.ts', 'engine/index.ts'],
  database: [],
  // the Prisma CLI's configuration, which the CLI itself loads
  'database/prisma-config.ts': ['database', 'project'],
  'database/project.prisma.config.ts': ['database/prisma-config.ts'],
  // describes the models that a schema has
  project: ['engine/datamodel/read-dmmf.ts', 'engine/datamodel/description.ts'],
  observe: [],
  events: ['observe'],
  engine: [
    'engine/schema',
    'engine/compiled',
    'engine/explain',
    'engine/changes',
    'engine/events',
    'engine/operations',
    'engine/policy',
    'engine/datamodel',
  ],
  'engine/explain': ['engine/operations', 'engine/policy', 'engine/datamodel'],
  'engine/schema': [
    'engine/compiled/read-mark.ts',
    'engine/changes',
    'engine/events',
    'engine/operations',
    'engine/policy',
    'engine/datamodel',
  ],
  'engine/compiled': ['engine/operations', 'engine/policy', 'engine/datamodel'],
  'engine/events': ['engine/changes'],
  'engine/changes': ['engine/operations', 'engine/policy', 'engine/datamodel'],
  'engine/operations': ['engine/policy', 'engine/datamodel'],
  'engine/policy': ['engine/datamodel'],
  'engine/datamodel': [],
}

const everywhere = ['errors.ts', 'lib']

describe('the architecture', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.[jt]s$/.test(name))
    .map(name => name.replaceAll('\\', '/'))
  // what is generated for a project lies outside of the source
  const imports = files.flatMap(readImports).filter(({ to }) => !to.startsWith('..'))

  test('every file is in a room', () => {
    expect(files.filter(file => !roomOf(file))).toEqual([])
  })

  test('rooms import only the rooms that they may', () => {
    expect(imports.filter(link => !isAllowed(link)).map(link => `${link.from} → ${link.to}`)).toEqual([])
  })

  test('errors and lib use nothing of ours', () => {
    const own = imports.filter(({ from }) => from === 'errors.ts' || from.startsWith('lib/'))
    expect(own.filter(({ to }) => to !== 'errors.ts' && !to.startsWith('lib/'))).toEqual([])
  })

  test('no file imports itself on any way round', () => {
    const values = imports.filter(link => !link.isType)
    expect(findCycles(files, values)).toEqual([])
  })
})

function readImports(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'(\.[^']+)'|\bimport\(\s*'(\.[^']+)'\s*\)/gm,
  )
  return [...statements].map(([, type, named, dynamic]) => ({
    from: file,
    to: relative(source, resolve(source, dirname(file), named ?? dynamic ?? '')).replaceAll('\\', '/'),
    isType: type !== undefined,
  }))
}

function roomOf(file: string): string | undefined {
  return Object.keys(rooms)
    .filter(room => isInside(file, room))
    .sort((a, b) => b.length - a.length)[0]
}

function isInside(file: string, room: string): boolean {
  return file === room || file.startsWith(`${room}/`)
}

function isAllowed({ from, to }: Import): boolean {
  const room = roomOf(from) ?? ''
  return roomOf(to) === room || [...everywhere, ...(rooms[room] ?? [])].some(allowed => isInside(to, allowed))
}

/** One way round through each file that is on one. */
function findCycles(files: readonly string[], imports: readonly Import[]): string[] {
  const next = new Map(
    files.map(file => [file, imports.filter(link => link.from === file).map(link => link.to)]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) cycles.push([...way.slice(way.indexOf(file)), file].join(' → '))
    if (way.includes(file) || done.has(file)) return
    for (const target of next.get(file) ?? []) visit(target, [...way, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return cycles
}
