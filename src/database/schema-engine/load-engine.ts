import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { SchemaEngine } from '@prisma/schema-engine-wasm'

type Glue = typeof import('@prisma/schema-engine-wasm/schema_engine_bg')

/** What the engine reports when it stops in the middle of its work (a fault of the engine, not of the input). */
export const enginePanic = { message: '' }

export type LoadedEngine = {
  readonly SchemaEngine: typeof SchemaEngine
  /** The commit of Prisma's engines that it was built from. */
  readonly version: string
}

let loading: Promise<LoadedEngine> | undefined

/**
 * Prisma's schema engine, the WebAssembly build.
 *
 * The package's own entry point imports the `.wasm` file as a module, which Node does not do without a flag, so it is
 * put together by hand here.
 */
export function loadEngine(): Promise<LoadedEngine> {
  loading ??= instantiate()
  return loading
}

async function instantiate(): Promise<LoadedEngine> {
  const glue: Glue = await import('@prisma/schema-engine-wasm/schema_engine_bg')
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm')
  const module = await WebAssembly.compile(readFileSync(new URL('schema_engine_bg.wasm', `file://${entry}`)))
  // The module's imports are the functions that the glue exports, by name.
  const imports = { './schema_engine_bg.js': glue as unknown as WebAssembly.ModuleImports }
  const instance = await WebAssembly.instantiate(module, imports)
  registerPanicMessages()
  glue.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start as () => void
  start()
  return { SchemaEngine: glue.SchemaEngine, version: glue.version() }
}

/** The engine tells this global object why it is about to stop. */
function registerPanicMessages(): void {
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message(message: string) {
        enginePanic.message = message
      },
    },
  })
}
