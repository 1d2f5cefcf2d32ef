import type { ChangeLogState, OldestWriter } from '../../database/index.ts'
import { count, formatDuration } from '../terminal.ts'

/** What an operator has to know of the log, as the rows of a table: label and text. */
export function describeLog(state: ChangeLogState): readonly (readonly [label: string, text: string])[] {
  return [
    ['Log', describeSize(state)],
    ['Held back', describeHeld(state)],
    ['Oldest writer', describeWriter(state)],
  ]
}

function describeSize({ rows, bytes, oldestSeconds }: ChangeLogState): string {
  const size = `${count(rows, 'change')}, ${(bytes / 1_048_576).toFixed(1)} MB`
  return rows === 0 ? size : `${size}; the oldest was written ${formatSpan(oldestSeconds)} ago`
}

function describeHeld({ heldRows, heldSeconds }: ChangeLogState): string {
  if (heldRows === 0) return 'nothing'
  return `${count(heldRows, 'change')}, for ${formatSpan(heldSeconds)}, by a transaction that began to write before`
}

function describeWriter({ oldestWriter, seesWriters, heldRows }: ChangeLogState): string {
  if (oldestWriter)
    return `${nameWriter(oldestWriter)}: ${oldestWriter.state} for ${formatSpan(oldestWriter.seconds)}`
  if (seesWriters || heldRows === 0) return 'none'
  return 'not to be seen by this role: GRANT pg_read_all_stats to it, or ask as a superuser'
}

function nameWriter({ pid, name, user, database }: OldestWriter): string {
  const process = pid === null ? 'prepared transaction' : `process ${pid}`
  return `${process} (${[name, `user ${user}`, `database ${database}`].filter(Boolean).join(', ')})`
}

/** Seconds as a person says them: `0.4 s`, `12 min`, `23 h`. */
function formatSpan(seconds: number): string {
  if (seconds < 120) return formatDuration(seconds * 1_000)
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`
}
