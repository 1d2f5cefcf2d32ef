import { type DestinationStream, pino } from 'pino'
import { lazy } from '../lib/lazy.ts'
import { escapeControls } from './escape-controls.ts'
import { createLineWriter } from './line-writer.ts'

export type LogFields = Readonly<Record<string, unknown>>

/**
 * Where the process says what it does. `fields` are for machines: in production every one is in the JSON line, in
 * development they are left out, so a message must be understandable without them. Never throws.
 */
export interface Log {
  /** What helps to find a fault, and would be too much otherwise. */
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** Takes one whole line, its newline included. */
export type LogDestination = DestinationStream

export interface LogOptions {
  /** JSON lines for production; short lines for a person otherwise. */
  readonly isProduction: boolean
  /** Default: the process's standard output. */
  readonly destination?: LogDestination
}

/**
 * Returns a log that writes exactly one line a call: characters that could forge a line, colour a terminal or turn
 * its direction are written as `\uXXXX` whatever a client sent.
 */
export function createLog({ isProduction, destination }: LogOptions): Log {
  return isProduction
    ? createJsonLog(destination ?? standardOutput())
    : createConsoleLog(destination ?? process.stdout)
}

const standardOutput = lazy(() => createLineWriter(process.stdout))

/** A log that says nothing. */
export const silentLog: Log = Object.freeze({
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
})

function createJsonLog(destination: LogDestination): Log {
  // JSON escapes C0 controls only; all others stand inside strings, where \uXXXX keeps the line valid JSON.
  const safe = { write: (line: string) => destination.write(`${escapeControls(line.trimEnd())}\n`) }
  const logger = pino(
    {
      base: undefined,
      level: 'debug',
      timestamp,
      formatters: { level: label => ({ level: label }) },
    },
    safe,
  )
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  }
}

let lastMillisecond = 0
let lastTimestamp = ''

/** As pino's own `isoTime`, which makes it anew for each of the lines of a millisecond. */
function timestamp(): string {
  const now = Date.now()
  if (now !== lastMillisecond) {
    lastMillisecond = now
    lastTimestamp = `,"time":"${new Date(now).toISOString()}"`
  }
  return lastTimestamp
}

function createConsoleLog(destination: LogDestination): Log {
  const write = (prefix: string) => (message: string) => {
    destination.write(`${prefix}${escapeControls(message)}\n`)
  }
  return { debug: write(''), info: write(''), warn: write('Warning: '), error: write('Error: ') }
}
