export { type Config, defineConfig } from './define-config.ts'
export * from './engine/index.ts'
export { RefractError } from './errors.ts'
