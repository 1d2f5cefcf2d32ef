import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { packageDirectory } from '../../project/index.ts'
import type { ServeArguments } from '../session.ts'
import { type ChildMessage, childVariable, type SupervisorMessage } from './messages.ts'

/** A process that serves the API, or is about to. */
export interface ApiProcess {
  /** Resolves with true when it only waits for the port, with false when it ended before; it has said why. */
  readonly ready: Promise<boolean>
  /** Resolves when it has ended. */
  readonly ended: Promise<void>
  /** Lets it take the port; resolves with its address, or with undefined when it ended instead. */
  listen(): Promise<string | undefined>
  /** Lets it finish what is running; resolves when it has ended. */
  stop(): Promise<void>
}

const stopMilliseconds = 15_000 // longer than the server waits for running requests

/** Starts a process that gets ready to serve the project as it is on disk now. */
export function startApiProcess({ project, port, host, verbose }: ServeArguments): ApiProcess {
  const commandArguments = [
    join(packageDirectory, 'bin', 'refract.js'),
    'start',
    ...['--project', project],
    ...(port === undefined ? [] : ['--port', port]),
    ...(host === undefined ? [] : ['--host', host]),
    ...(verbose ? ['--verbose'] : []),
  ]
  const child = spawn(process.execPath, commandArguments, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, [childVariable]: '1' },
  })
  const ended = once(child, 'close').then(() => undefined)
  const ready = nextMessage(child, ended, 'ready').then(message => message !== undefined)
  return {
    ready,
    ended,
    listen: async () => {
      const listening = nextMessage(child, ended, 'listening')
      tell(child, { kind: 'listen' })
      return (await listening)?.url
    },
    stop: async () => {
      tell(child, { kind: 'stop' })
      const deadline = setTimeout(() => child.kill('SIGKILL'), stopMilliseconds)
      await ended
      clearTimeout(deadline)
    },
  }
}

function tell(child: ChildProcess, message: SupervisorMessage): void {
  if (child.connected) child.send(message)
}

function nextMessage<Kind extends ChildMessage['kind']>(
  child: ChildProcess,
  ended: Promise<void>,
  kind: Kind,
): Promise<Extract<ChildMessage, { kind: Kind }> | undefined> {
  return new Promise(resolve => {
    child.on('message', (message: ChildMessage) => {
      if (message.kind === kind) resolve(message as Extract<ChildMessage, { kind: Kind }>)
    })
    void ended.then(() => resolve(undefined))
  })
}
