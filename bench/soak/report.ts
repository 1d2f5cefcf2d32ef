import type { Comparison } from './compare.ts'
import { isFaultless } from './compare.ts'
import type { FaultCounts } from './faults.ts'
import type { Instance } from './instance.ts'
import type { SoakOptions } from './options.ts'
import type { Subscriber } from './subscriber.ts'
import type { WriterCounts } from './writers.ts'

/** What came of a soak. */
export interface Outcome {
  readonly options: SoakOptions
  readonly seconds: number
  readonly writers: Readonly<WriterCounts>
  readonly faults: Readonly<FaultCounts>
  readonly journal: { readonly rows: number; readonly differences: number }
  /** Rows of the log. */
  readonly logged: number
  readonly subscribers: readonly { readonly subscriber: Subscriber; readonly comparison: Comparison }[]
  readonly instances: readonly Instance[]
  /** The most that an instance has taken. */
  readonly mostMemory: number
}

export function isPassed({ journal, subscribers }: Outcome): boolean {
  return journal.differences === 0 && subscribers.every(({ comparison }) => isFaultless(comparison))
}

/** The report, for people. */
export function formatReport(outcome: Outcome): string {
  return [
    formatCircumstances(outcome),
    formatSubscribers(outcome),
    formatFindings(outcome),
    isPassed(outcome)
      ? 'PASSED: every subscriber has the history that is hers, whole and in order.'
      : 'FAILED',
  ].join('\n\n')
}

function formatCircumstances({
  options,
  seconds,
  writers,
  faults,
  journal,
  logged,
  ...rest
}: Outcome): string {
  const { counts } = sum(rest.subscribers.map(({ subscriber }) => subscriber))
  const delays = rest.subscribers.flatMap(({ subscriber }) => subscriber.calmDelays).toSorted((a, b) => a - b)
  const at = (part: number) => delays[Math.floor((delays.length - 1) * part)] ?? Number.NaN
  const longest = Math.max(...rest.subscribers.map(({ subscriber }) => subscriber.longestDelay))
  return formatTable([
    ['Soak', `seed ${options.seed}; ${(seconds / 60).toFixed(1)} minutes until everybody had everything`],
    [
      'Transactions',
      `${text(writers.committed)} committed, ${text(writers.rolledBack)} rolled back, ${text(writers.deadlocked)} deadlocked, ${text(writers.brokenOff)} broken off`,
    ],
    [
      'Changes',
      `${text(logged)} in the log; of the ${text(journal.rows)} of issues ${text(journal.differences)} differ from the writers' own journal`,
    ],
    [
      'Database',
      `${faults.crashes} crashes, ${faults.restarts} restarts; away for ${(faults.databaseAway / 1_000).toFixed(0)} s`,
    ],
    [
      'Instances',
      `${faults.kills} × kill -9, ${faults.shutdowns} × SIGTERM; at most ${Math.round(rest.mostMemory / 1_048_576)} MB`,
    ],
    [
      'Connections',
      `${text(counts.connections)}; ${text(counts.cutOff)} cut off by their clients, others ended with ${formatCounts(counts.endings)}`,
    ],
    [
      'Delay',
      `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms while nothing was broken; ${(longest / 1_000).toFixed(1)} s at most, over all faults`,
    ],
  ])
}

function sum(subscribers: readonly Subscriber[]) {
  const endings = new Map<string, number>()
  const counts = { connections: 0, cutOff: 0, endings }
  for (const subscriber of subscribers) {
    counts.connections += subscriber.counts.connections
    counts.cutOff += subscriber.counts.cutOff
    for (const [ending, count] of subscriber.counts.endings)
      endings.set(ending, (endings.get(ending) ?? 0) + count)
  }
  return { counts }
}

function formatSubscribers({ subscribers }: Outcome): string {
  const rows = subscribers.map(({ subscriber, comparison }) => [
    subscriber.watch.name,
    ...[comparison.expected, comparison.received, comparison.lost, comparison.foreign].map(text),
    ...[comparison.outOfOrder + comparison.wrong, comparison.repeatedAfterFault, comparison.repeated].map(
      text,
    ),
  ])
  const heads = [
    'Subscriber',
    'expected',
    'received',
    'lost',
    'foreign',
    'wrong',
    'repeated after a fault',
    'repeated',
  ]
  const total = heads.map((_, column) =>
    column === 0 ? 'all' : text(rows.reduce((all, row) => all + Number(row[column]?.replaceAll(',', '')), 0)),
  )
  return formatTable([heads, ...rows, total])
}

function formatFindings({ subscribers, instances }: Outcome): string {
  const faults = subscribers.flatMap(({ subscriber, comparison }) =>
    comparison.examples.map(example => `  ${subscriber.watch.name}: ${example}`),
  )
  const complaints = instances.flatMap(({ name, complaints: own }) =>
    [...own].map(([message, count]) => `  ${name}: ${count} × ${message}`),
  )
  return [
    'What the instances logged:',
    ...complaints,
    ...(faults.length > 0 ? ['Faults:', ...faults] : []),
  ].join('\n')
}

/** The first column to the left, the others to the right unless there are two. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) =>
          column === 0 || row.length === 2
            ? cell.padEnd(widths[column] ?? 0)
            : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function formatCounts(counts: ReadonlyMap<string, number>): string {
  const all = [...counts].toSorted(([, one], [, other]) => other - one)
  return all.length === 0 ? 'nothing' : all.map(([name, count]) => `${name} (${count})`).join(', ')
}

function text(number: number): string {
  return number.toLocaleString('en')
}
