import { signInProvider } from './src/app/auth/index.ts'
import { closeIssue, issueKey, issueTyping, signIn, teamWorkload } from './src/app/extensions/index.ts'
import { firstQuery } from './src/app/first-query.ts'
import { policies } from './src/app/policies/index.ts'
import { seed } from './src/app/seed/seed.ts'
import { defineConfig } from './src/index.ts'

export default defineConfig({
  policies,
  roles: ['member', 'admin'],
  extensions: [issueKey, teamWorkload, closeIssue, issueTyping, signIn],
  auth: { provider: signInProvider },
  seed,
  graphiql: { firstQuery },
})
