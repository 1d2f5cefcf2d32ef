import { closeIssue, issueKey, teamWorkload } from './src/app/extensions/index.ts'
import { firstQuery } from './src/app/first-query.ts'
import { policies } from './src/app/policies/index.ts'
import { seed } from './src/app/seed/seed.ts'
import { defineConfig } from './src/index.ts'

export default defineConfig({
  policies,
  extensions: [issueKey, teamWorkload, closeIssue],
  seed,
  graphiql: { firstQuery },
})
