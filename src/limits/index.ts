export { addressKey } from '../lib/ip-address.ts'
export { assertJsonDepth } from './assert-json-depth.ts'
export { assertVariables } from './assert-variables.ts'
export {
  type AttemptLimiter,
  type AttemptLimiterOptions,
  type CreateAttemptLimiter,
  createAttemptLimiters,
} from './attempt-limiter.ts'
export { type AddressReader, createAddressReader, type ProxyHeader } from './client-address.ts'
export type { PageSettings } from './cost/compiling.ts'
export { type CostMeter, createCostMeter } from './cost/cost-meter.ts'
export { parseDocument } from './document/parse-document.ts'
export {
  createDocumentSource,
  type DocumentSource,
  type DocumentSourceOptions,
} from './persisted/document-source.ts'
export { type PersistedDocuments, readPersistedDocuments } from './persisted/persisted-documents.ts'
export { type CounterStore, createCounterStore } from './rate-limit/counter-store.ts'
export { createRateLimiter, type RateLimiter, type RateState, rateKey } from './rate-limit/rate-limiter.ts'
export {
  createRequestLimits,
  defaultRequestLimits,
  isRequestLimit,
  type RequestLimits,
} from './request-limits.ts'
