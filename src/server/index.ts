export type { RequestInfo, RequestLimits, ServerOptions } from './options.ts'
export { type RunningServer, startServer } from './start-server.ts'
