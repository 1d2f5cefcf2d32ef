import { defineConfig } from 'vitest/config'
import { reporting } from '../support/reporting.ts'
import { resolving } from '../support/resolving.ts'

/** Apart from the other tests: these need a PostgreSQL server and the database dump beside the checkout. */
// biome-ignore lint/style/noDefaultExport: Vitest reads its configuration from it
export default defineConfig({
  resolve: resolving,
  test: {
    include: ['test/chinook/**/*.proof.ts'],
    testTimeout: 60_000, // a minute
    hookTimeout: 120_000, // two minutes
    ...reporting,
  },
})
