/** Bounds on connections that stay open: WebSockets, and for some of them streams over HTTP. */
export interface ConnectionSettings {
  /** WebSockets of one address. */
  readonly connectionsPerAddress: number
  /** WebSockets of this process. */
  readonly connections: number
  /** Of one message that a client sends. */
  readonly messageBytes: number
  /** That a client may send on one connection, on average; five seconds' worth at once. */
  readonly messagesPerSecond: number
  /** Operations that run on one connection at once. */
  readonly operationsPerConnection: number
  /** Subscriptions of one viewer, or else of one address, on all connections and streams of this process. */
  readonly viewerSubscriptions: number
  /** Of what waits in memory for one client; no further answers are made while there is more. */
  readonly bufferBytes: number
  /** How long a client may take nothing of what waits for it. */
  readonly stallMilliseconds: number
  /** From one ping to the next; whoever has not answered by then is gone. */
  readonly pingMilliseconds: number
  /** How long a new connection may take to say who it is. */
  readonly initMilliseconds: number
  /** How long credentials hold on a connection that the project's sign-in cannot look at again. */
  readonly credentialMilliseconds: number
}

export const defaultConnectionSettings: ConnectionSettings = Object.freeze({
  connectionsPerAddress: 2_000,
  connections: 10_000,
  messageBytes: 131_072, // 128 KiB
  messagesPerSecond: 50,
  operationsPerConnection: 100,
  viewerSubscriptions: 2_000,
  bufferBytes: 1_048_576, // 1 MiB
  stallMilliseconds: 10_000, // 10 seconds
  pingMilliseconds: 25_000, // 25 seconds: shorter than the usual load balancer's
  initMilliseconds: 3_000, // 3 seconds
  credentialMilliseconds: 300_000, // 5 minutes
})
