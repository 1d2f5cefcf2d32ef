import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.ts'

export default defineConfig({
  resolve: {
    // Vite would take graphql's "module" entry and Node takes "main": two copies, whose schemas refuse each other.
    alias: [
      { find: /^graphql$/, replacement: 'graphql/index.js' },
      // as Node resolves it for a refract.config.ts, by our own hooks
      { find: /^refract$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/chinook/**'],
    // each file has a database of its own, and a property test makes thousands of requests
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // a third one while two wait for a process or a database
    maxWorkers: 3,
    // modules, and databases, are kept from one file to the next: loading them again is most of what a small file costs
    isolate: false,
    ...reporting,
  },
})
