export type { RequestLimits } from '../limits/index.ts'
export type { Route, ServerOptions, Work } from './options.ts'
export { type RunningServer, startServer } from './start-server.ts'
export type { DevelopmentUsers } from './view-as.ts'
