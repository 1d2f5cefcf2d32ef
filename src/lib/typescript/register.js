import { register } from 'node:module'
import { register as registerTsx } from 'tsx/esm/api'

/**
 * Makes this process understand TypeScript: Refract's own files by `hooks.js`, all others, such as a project's
 * configuration, by tsx.
 *
 * tsx alone would do, but has esbuild keep the names of functions: whatever function is made while a request is answered,
 * a call of `Object.defineProperty` goes with it.
 */
export function registerTypeScript() {
  registerTsx()
  // what is registered last is asked first
  register('./hooks.js', import.meta.url)
}
