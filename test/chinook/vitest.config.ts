import { defineConfig } from 'vitest/config'

/** Apart from the other tests: these need a PostgreSQL server and the database dump beside the checkout. */
export default defineConfig({
  test: {
    include: ['test/chinook/**/*.proof.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
})
