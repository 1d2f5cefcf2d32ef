import { createClosers } from '../closers.ts'
import { printApi, writeIfChanged } from '../print-api.ts'
import { createLeveledLog, serveProject } from '../serve-project.ts'
import { openSession, type ServeArguments } from '../session.ts'
import { print, style } from '../terminal.ts'
import type { ChildMessage, SupervisorMessage } from './messages.ts'

/**
 * What `refract start` does under `refract dev`: gets ready, waits for the port to be free, serves until the supervisor
 * says stop or is gone. The terminal's Ctrl+C is the supervisor's business.
 */
export async function serveAsChild(commandArguments: ServeArguments): Promise<number> {
  const closers = createClosers()
  const supervisor = listenToSupervisor()
  process.on('SIGINT', () => undefined)
  try {
    const session = openSession(commandArguments)
    const { server, schema } = await serveProject({
      session,
      closers,
      log: createLeveledLog(session.config),
      report: line => print(style('dim', line)),
      takeover: async () => {
        send({ kind: 'ready' })
        await supervisor.listen
      },
    })
    writeIfChanged(session.project.graphqlFile, printApi(schema))
    send({ kind: 'listening', url: server.url })
    await supervisor.stop
    return 0
  } finally {
    await closers.closeAll()
    if (process.connected) process.disconnect()
  }
}

function send(message: ChildMessage): void {
  if (process.connected) process.send?.(message)
}

function listenToSupervisor(): { readonly listen: Promise<void>; readonly stop: Promise<void> } {
  const stop = new Promise<void>(resolve => {
    process.on('disconnect', () => resolve())
    process.on('SIGTERM', () => resolve())
    process.on('message', (message: SupervisorMessage) => {
      if (message.kind === 'stop') resolve()
    })
  })
  const listen = new Promise<void>(resolve => {
    process.on('message', (message: SupervisorMessage) => {
      if (message.kind === 'listen') resolve()
    })
  })
  return { listen, stop }
}
