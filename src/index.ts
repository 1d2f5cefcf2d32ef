export * from './engine/index.ts'
export { RefractError } from './errors.ts'
