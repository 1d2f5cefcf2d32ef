import { fileURLToPath } from 'node:url'

/** Vitest's options for modules that it would find otherwise than Node. */
export const resolving = {
  alias: [
    // Vite would take graphql's "module" entry and Node takes "main": two copies, whose schemas refuse each other.
    { find: /^graphql$/, replacement: 'graphql/index.js' },
    // as Node resolves it for a refract.config.ts, by our own hooks
    { find: /^refract$/, replacement: fileURLToPath(new URL('../../src/index.ts', import.meta.url)) },
  ],
}
