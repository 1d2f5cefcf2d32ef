import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { findTemplate } from '../../src/database/embedded/template.ts'

/** An empty embedded database that nobody else uses. */
export interface PooledDatabase {
  readonly port: number
  /** Ends everybody's connections, and empties the database for whoever asks next. */
  release(): Promise<void>
}

const idle: Worker[] = []

/** Takes an embedded database that is not in use, or starts one. */
export async function takeEmbeddedDatabase(): Promise<PooledDatabase> {
  const worker = idle.pop() ?? (await startWorker())
  worker.ref()
  const { port } = await ask<{ port: number }>(worker, 'open')
  let releasing: Promise<void> | undefined
  return {
    port,
    release: () => {
      releasing ??= release(worker)
      return releasing
    },
  }
}

async function startWorker(): Promise<Worker> {
  const template = await findTemplate()
  return new Worker(new URL('./embedded-worker.js', import.meta.url), {
    workerData: { template },
    // Vitest's loaders have nothing to do in a thread that loads plain JavaScript only.
    execArgv: [],
  })
}

async function release(worker: Worker): Promise<void> {
  const { isEmpty } = await ask<{ isEmpty: boolean }>(worker, 'close')
  if (isEmpty) {
    worker.unref()
    idle.push(worker)
  } else {
    await worker.terminate()
  }
}

/** Rejects where the thread has ended. */
async function ask<Answer>(worker: Worker, question: 'open' | 'close'): Promise<Answer> {
  const answer = new AbortController()
  worker.postMessage(question)
  try {
    const ended = once(worker, 'exit', { signal: answer.signal }).then(([code]) => {
      throw new Error(`The thread of the embedded database ended with code ${code}.`)
    })
    return await Promise.race([once(worker, 'message', answer).then(([value]) => value as Answer), ended])
  } finally {
    answer.abort()
  }
}
