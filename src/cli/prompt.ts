import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

export interface Terminal {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
}

/** Asks a person something. */
export interface Prompt {
  ask(question: string): Promise<string>
  /** What is typed is not shown. */
  askSecretly(question: string): Promise<string>
  close(): void
}

/** One prompt for all questions: what is typed ahead, or comes from a file, is not lost between two of them. */
export function createPrompt({ input, output }: Terminal): Prompt {
  let isMuted = false
  const muted = new Writable({
    write: (chunk, _encoding, done) => {
      if (!isMuted) output.write(chunk)
      done()
    },
  })
  const lines = createInterface({ input, output: muted, terminal: true })
  // As elsewhere, Ctrl+C is the end.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  return {
    ask: question => lines.question(question),
    askSecretly: async question => {
      // Muted before anything can be typed.
      isMuted = true
      output.write(question)
      try {
        return await lines.question('')
      } finally {
        isMuted = false
        output.write('\n')
      }
    },
    close: () => lines.close(),
  }
}
