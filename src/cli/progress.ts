import { performance } from 'node:perf_hooks'
import { formatDuration, style } from './terminal.ts'

/** One step of something long. */
export interface ProgressStep {
  /** Says that `number` more are done (one, if left out). */
  advance(number?: number): void
  /** Ends the step: the bar makes way for a line with the time it took. */
  done(): void
}

/** Begins a step of `total` parts. */
export type Progress = (label: string, total: number) => ProgressStep

interface ProgressOutput {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

const redrawMilliseconds = 80 // often enough to look alive
const labelWidth = 24

/**
 * A progress bar that redraws its line on a terminal; elsewhere (a log, CI) one line a finished step.
 */
export function createProgress(output: ProgressOutput = process.stdout): Progress {
  return (label, total) => {
    const startedAt = performance.now()
    let current = 0
    let drawnAt = 0
    let isDone = false
    const draw = () => {
      drawnAt = performance.now()
      output.write(`\r\u001B[2K${formatBar(label, current, total, output.columns ?? 80)}`)
    }
    if (output.isTTY) draw()
    return {
      advance(number = 1) {
        current = Math.min(total, current + number)
        if (output.isTTY && !isDone && performance.now() - drawnAt >= redrawMilliseconds) draw()
      },
      done() {
        if (isDone) return
        isDone = true
        if (output.isTTY) output.write('\r\u001B[2K')
        const time = formatDuration(performance.now() - startedAt)
        output.write(`  ${label.padEnd(labelWidth)} ${total.toLocaleString('en').padStart(9)}  ${time}\n`)
      },
    }
  }
}

/** One line: label, bar and numbers, never wider than the terminal. */
export function formatBar(label: string, current: number, total: number, columns: number): string {
  const numbers = `${current.toLocaleString('en')}/${total.toLocaleString('en')}`
  const room = Math.max(0, Math.min(40, columns - labelWidth - numbers.length - 6))
  const filled = total === 0 ? room : Math.floor((current / total) * room)
  const bar = style('cyan', '█'.repeat(filled)) + style('dim', '░'.repeat(room - filled))
  return `  ${label.padEnd(labelWidth).slice(0, labelWidth)} ${bar} ${numbers}`.slice(
    0,
    room > 0 ? undefined : columns,
  )
}
