export type { ReadSource, ReadStatement } from './compiled/compiled-reads.ts'
export type { OrdinaryKind } from './compiled/ordinary-way.ts'
export {
  defineExtension,
  definePolicy,
  type EngineConfig,
  type Extension,
  type HttpExchange,
  type Progress,
  type ProjectBuilder,
  type ProjectClient,
  type ProjectContext,
  type ProjectEvents,
  type ProjectPolicy,
  type ProjectTools,
  type ProjectTransaction,
  type ProjectViewer,
  type ProjectWhere,
  type Register,
  type SeedContext,
} from './config.ts'
export { type ContextOptions, createEngine, type Engine, type EngineOptions } from './create-engine.ts'
export { createDatamodel } from './datamodel/create-datamodel.ts'
export type { DatamodelDescription } from './datamodel/description.ts'
export type { Datamodel, Model } from './datamodel/model.ts'
export {
  type RecordedModel,
  type Recording,
  readRecording,
  type UnrecordedModel,
} from './datamodel/recorded-models.ts'
export type { EventBus, EventCarrier } from './events/event-bus.ts'
export type { Explainer } from './explain/create-explainer.ts'
export type { AbsentPart, QueryExplanation } from './explain/explain-query.ts'
export type { RowExplanation, RuleExplanation } from './explain/explain-row.ts'
export type { Extent, MatrixRow } from './explain/policy-matrix.ts'
export { isNull } from './policy/is-null.ts'
export type { FieldPolicy, ModelPolicy, Permission, Policy, Preset, Rule } from './policy/policy.ts'
export { administrator, anonymous, type Claim, createViewer, type Viewer } from './policy/viewer.ts'
export { cursorOf } from './run-subscription.ts'
