export type { RequestLimits, Route, ServerOptions } from './options.ts'
export { type RunningServer, startServer } from './start-server.ts'
export type { DevelopmentUsers } from './view-as.ts'
