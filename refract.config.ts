import { closeIssue, issueKey, teamWorkload } from './src/app/extensions/index.ts'
import { firstQuery } from './src/app/first-query.ts'
import { seed } from './src/app/seed/seed.ts'
import { defineConfig } from './src/index.ts'

export default defineConfig({
  extensions: [issueKey, teamWorkload, closeIssue],
  seed,
  graphiql: { firstQuery },
})
