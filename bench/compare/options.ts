import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly isQuick: boolean
  readonly rounds: number
  /** Of one load: a query to a contender, in a round. */
  readonly milliseconds: number
  readonly warmUpMilliseconds: number
  /** When no further round is begun, since the start of the program. */
  readonly budgetMilliseconds: number
  /** Ids of queries and contenders; empty for all of them. */
  readonly only: readonly string[]
  readonly connections: number
  readonly poolSize: number
  readonly writesReadme: boolean
  /** What changes the measurement, as it was said. */
  readonly flags: readonly string[]
}

/** Reads the command line. Throws where it has a flag that there is not, or a number that is none. */
export function readOptions(commandArguments: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      only: { type: 'string', default: '' },
      connections: { type: 'string', default: '16' },
      pool: { type: 'string', default: '10' },
      'write-readme': { type: 'boolean', default: false },
    },
  })
  const isQuick = values.quick
  const only = values.only.split(',').filter(name => name !== '')
  const writesReadme = values['write-readme']
  if (writesReadme && only.length > 0) throw new Error('--write-readme needs a run of all: leave --only out.')
  const seconds = readNumber('seconds', values.seconds ?? (isQuick ? '0.4' : '3'), 0.1, 60)
  const rounds = readNumber('rounds', values.rounds ?? '3', 1, 100)
  const isAsUsual = values.rounds === undefined && values.seconds === undefined
  return {
    isQuick,
    rounds: Math.round(rounds),
    milliseconds: seconds * 1_000,
    warmUpMilliseconds: isQuick ? 300 : 2_000,
    // Whoever names a length gets it.
    budgetMilliseconds: isAsUsual ? (isQuick ? 2 : 15) * 60_000 : Number.POSITIVE_INFINITY,
    only,
    connections: readNumber('connections', values.connections, 1, 1_000),
    poolSize: readNumber('pool', values.pool, 1, 100),
    writesReadme,
    flags: commandArguments.filter(argument => argument !== '--write-readme'),
  }
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} is "${text}", but expected a number from ${least} to ${most}.`)
  return value
}
