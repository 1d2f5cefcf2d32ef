export {
  type Config,
  defineConfig,
  defineExtension,
  type Extension,
  type Progress,
  type ProjectBuilder,
  type ProjectClient,
  type ProjectContext,
  type ProjectTools,
  type ProjectTransaction,
  type Register,
  type SeedContext,
} from './config.ts'
export { createEngine, type Engine, type EngineOptions } from './create-engine.ts'
export { createDatamodel } from './datamodel/create-datamodel.ts'
export type { DatamodelDescription } from './datamodel/description.ts'
export type { Datamodel, Model } from './datamodel/model.ts'
