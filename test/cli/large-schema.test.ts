import { describe, expect, it } from 'vitest'
import { graphqlFetch } from '../support/http.ts'
import { createLargeSchema } from '../support/large-schema.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'
import { startRefract } from '../support/refract-command.ts'

const introspection = '{ __schema { types { name fields { name args { name } } inputFields { name } } } }'

describe('150 models with 2,000 fields', { timeout: 180_000 }, () => {
  it('start on the embedded database, and again', async () => {
    const directory = createProjectFolder({
      'prisma/schema.prisma': datasource + createLargeSchema(150, 2_000),
    })
    for (const round of ['cold', 'warm']) {
      const command = startRefract(['start', '--port', '0'], { directory })
      const [, url, time] = await command.waitFor(/GraphiQL\s+(http:\S+)\/graphql[\s\S]*Ready in\s+(.*)/)
      const startedAt = performance.now()
      const { data } = await graphqlFetch(url ?? '', introspection)
      const milliseconds = Math.round(performance.now() - startedAt)
      console.info(`150 models, ${round}: ready in ${time}, introspection in ${milliseconds} ms`)
      expect(JSON.stringify(data)).toContain('"Model149"')
      command.child.kill('SIGTERM')
      expect((await command.ended).exitCode).toBe(0)
    }
  })
})
