import { defineConfig } from 'vitest/config'
import { reporting } from './test/support/reporting.ts'
import { resolving } from './test/support/resolving.ts'

export default defineConfig({
  resolve: resolving,
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
