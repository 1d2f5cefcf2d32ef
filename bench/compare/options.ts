import { parseArgs } from 'node:util'

export interface BenchOptions {
  readonly isQuick: boolean
  readonly rounds: number
  /** Of one load: a query to a contender, in a round. */
  readonly milliseconds: number
  readonly warmUpMilliseconds: number
  /** Ids of queries and contenders; empty for all of them. */
  readonly only: readonly string[]
  readonly connections: number
  readonly poolSize: number
  readonly writesReadme: boolean
}

/** Reads the command line. Throws where it has a flag that there is not, or a number that is none. */
export function readOptions(commandArguments: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...commandArguments],
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string' },
      only: { type: 'string', default: '' },
      connections: { type: 'string', default: '16' },
      pool: { type: 'string', default: '10' },
      'write-readme': { type: 'boolean', default: false },
    },
  })
  const isQuick = values.quick
  const seconds = readNumber('seconds', values.seconds ?? (isQuick ? '0.4' : '3'), 0.1, 600)
  return {
    isQuick,
    rounds: readNumber('rounds', values.rounds, 1, 1_000),
    milliseconds: seconds * 1_000,
    warmUpMilliseconds: isQuick ? 1_000 : 2_000,
    only: values.only.split(',').filter(name => name !== ''),
    connections: readNumber('connections', values.connections, 1, 1_000),
    poolSize: readNumber('pool', values.pool, 1, 100),
    writesReadme: values['write-readme'],
  }
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most))
    throw new Error(`--${name} is "${text}", but expected a number from ${least} to ${most}.`)
  return value
}
