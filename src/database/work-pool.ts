import pg from 'pg'
import { currentContext, runInContext } from './statement-context.ts'
import { trackStatements } from './track-statements.ts'
import { type RunningWork, WorkCancelled } from './work.ts'

export type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void

export interface WorkPoolOptions extends pg.PoolConfig {
  /** Whether the database ends a statement when it is asked to. */
  readonly canCancel: boolean
}

/**
 * A pool whose connections know on whose behalf they send a statement, also where it had to wait for a connection that
 * somebody else gave back.
 */
export class WorkPool extends pg.Pool {
  constructor({ canCancel, ...config }: WorkPoolOptions) {
    super(config)
    this.on('connect', client => {
      trackStatements(client, canCancel)
      // Whoever has the connection hears of its end by the statement that fails; without a listener Node would end the process.
      client.on('error', () => undefined)
    })
  }

  override connect(): Promise<pg.PoolClient>
  override connect(callback: ConnectCallback): void
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    const context = currentContext()
    const isCancelled = () => context.work?.isCancelled === true
    if (callback === undefined) {
      return super.connect().then(client => {
        if (!isCancelled()) return client
        client.release()
        throw new WorkCancelled()
      })
    }
    this.connectFor(context.work, (error, client, done) => {
      runInContext(context, () => callback(error, client, done))
    })
    return undefined
  }

  /** As `connect`, for work that whoever asks for the connection knows. */
  connectFor(work: RunningWork | undefined, callback: ConnectCallback): void {
    super.connect((error, client, done) => {
      if (client === undefined || !work?.isCancelled) {
        callback(error, client, done)
        return
      }
      done()
      callback(new WorkCancelled(), undefined, () => undefined)
    })
  }
}
