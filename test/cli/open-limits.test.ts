import { describe, expect, it, onTestFinished } from 'vitest'
import { createClosers } from '../../src/cli/closers.ts'
import { openLimits } from '../../src/cli/open-limits.ts'
import { createConfig } from '../../src/config.ts'
import { defaultRequestLimits } from '../../src/limits/index.ts'
import { silentLog } from '../../src/observe/log.ts'
import { openProject } from '../../src/project/index.ts'
import { createProjectFolder, datasource } from '../support/project-folder.ts'

async function open(environment: Record<string, string>, files: Record<string, string> = {}) {
  const closers = createClosers()
  onTestFinished(() => closers.closeAll())
  const folder = createProjectFolder({ 'prisma/schema.prisma': datasource, ...files })
  return await openLimits({
    session: { config: createConfig({ environment }), project: openProject(folder) },
    limits: defaultRequestLimits,
    pages: { defaultPageSize: 20, maximumPageSize: 100 },
    log: silentLog,
    closers,
  })
}

describe('what limits callers', () => {
  it('is no rate in development, and one in production', async () => {
    expect((await open({})).server.rateLimiter).toBeUndefined()
    const { rateLimiter } = (await open({ NODE_ENV: 'production' })).server
    expect(await rateLimiter?.spend('a', 1)).toMatchObject({ limit: 500_000, remaining: 499_999 })
  })

  it('has the documents of a file of the project', async () => {
    const { documents } = (
      await open(
        { REFRACT_PERSISTED_DOCUMENTS: 'web/documents.json', REFRACT_ONLY_PERSISTED: 'true' },
        { 'web/documents.json': '{"a":"{ __typename }"}' },
      )
    ).server
    expect(documents).toMatchObject({ isOnlyPersisted: true, isAutomatic: false })
    expect(documents?.persisted?.find('a')).toBe('{ __typename }')
  })

  it('is refused where the documents are not there', async () => {
    await expect(open({ REFRACT_PERSISTED_DOCUMENTS: 'documents.json' })).rejects.toThrow(
      /documents\.json \(REFRACT_PERSISTED_DOCUMENTS\) cannot be read: ENOENT/,
    )
  })

  it('is refused where no window has the points for the largest operation', async () => {
    await expect(open({ REFRACT_RATE_LIMIT_POINTS: '49999' })).rejects.toThrow(
      'REFRACT_RATE_LIMIT_POINTS is 49999, less than one operation may cost (limits.cost, 50000)',
    )
    expect((await open({ REFRACT_RATE_LIMIT_POINTS: '50000' })).server.rateLimiter).toBeDefined()
  })

  it('makes limiters of attempts, also where requests have no limit', async () => {
    const { createAttemptLimiter } = await open({})
    const limiter = createAttemptLimiter({ name: 'sign-in', attempts: 1, seconds: 60 })
    await limiter.consume(['ann'])
    await expect(limiter.consume(['ann'])).rejects.toMatchObject({ code: 'RATE_LIMITED' })
  })
})
