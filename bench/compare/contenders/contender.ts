import type { BenchQuery, Question } from '../queries/index.ts'

/** What all processes are started with. */
export interface StartSettings {
  readonly databaseUrl: string
  readonly port: number
  readonly poolSize: number
  /** Signs the tokens of those who have a viewer. */
  readonly jwtSecret: string
}

/** How a process is started. */
export interface Launch {
  readonly program: string
  readonly programArguments: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** A server in the comparison: one process, which answers the queries that it has. */
export interface Contender {
  readonly id: string
  readonly title: string
  /** What it is made of, with versions. */
  readonly description: string
  /** Whether requests come from a viewer who has signed in, and row policies hold. */
  readonly isGuarded: boolean
  readonly launch: (settings: StartSettings) => Launch
  readonly pathOf: (query: BenchQuery) => string
  /** Undefined where it has no such operation. */
  readonly questionOf: (query: BenchQuery) => Question | undefined
}
