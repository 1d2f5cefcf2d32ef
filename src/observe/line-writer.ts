import type { DestinationStream } from 'pino'

/**
 * Returns a destination that writes all lines of a turn of the event loop at once: each write to a file or a pipe is a
 * system call that the process waits for. What was written is there when the process ends, but where it is killed.
 */
export function createLineWriter(stream: NodeJS.WritableStream): DestinationStream {
  let waiting = ''
  const flush = () => {
    const lines = waiting
    waiting = ''
    if (lines !== '') stream.write(lines)
  }
  process.on('exit', flush)
  return {
    write(line: string) {
      if (waiting === '') setImmediate(flush)
      waiting += line
    },
  }
}
