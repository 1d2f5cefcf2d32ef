import { describe, expect, it } from 'vitest'
import { type CredentialEnd, createCredentialWatch, type Identity } from '../../src/auth/index.ts'
import { createViewer, type Viewer } from '../../src/engine/index.ts'
import { type Log, silentLog } from '../../src/observe/log.ts'
import { createExchange } from './auth-server.ts'

const ann = createViewer({ id: 'ann', roles: ['member'], claims: { team: 'a', groups: ['x', 'y'] } })
const signedIn = (): Identity => ({ viewer: ann, credential: { http: createExchange() } })

function createWatch(recheck: () => Promise<readonly (Partial<Viewer> | null)[]>, log: Log = silentLog) {
  return createCredentialWatch({
    recheck,
    longestMilliseconds: 60_000,
    log,
    checkMilliseconds: 10,
    unconfirmedMilliseconds: 50,
  })
}

function endOf(watch: ReturnType<typeof createWatch>, identity: Identity): Promise<CredentialEnd> {
  return new Promise(resolve => watch.watch(identity, resolve))
}

describe('a watch over credentials', () => {
  it('takes a viewer for the same that has the same in another order of its claims', async () => {
    let looks = 0
    const watch = createWatch(async () => {
      looks++
      return [{ ...ann, claims: { groups: ['x', 'y'], team: 'a' } }]
    })
    const ends: CredentialEnd[] = []
    const stop = watch.watch(signedIn(), end => ends.push(end))
    await expect.poll(() => looks).toBeGreaterThan(3)
    stop()
    expect(ends).toEqual([])
  })

  it.each<[CredentialEnd, Partial<Viewer> | null]>([
    ['ended', null],
    ['ended', { ...ann, claims: { team: {} as never } }],
    ['changed', { ...ann, roles: [] }],
    ['changed', { ...ann, claims: { team: 'b', groups: ['x', 'y'] } }],
    ['changed', { ...ann, isAdministrator: true }],
  ])('says that they have %s where they mean %j', async (end, found) => {
    expect(
      await endOf(
        createWatch(async () => [found]),
        signedIn(),
      ),
    ).toBe(end)
  })

  it('takes an answer that is too short for an end', async () => {
    expect(
      await endOf(
        createWatch(async () => []),
        signedIn(),
      ),
    ).toBe('ended')
  })

  it('lets them be while looking fails, but not for ever, and says so in the log', async () => {
    const warnings: string[] = []
    const log = { ...silentLog, warn: (message: string) => void warnings.push(message) }
    const startedAt = performance.now()
    const watch = createWatch(() => Promise.reject(new Error('no database')), log)
    expect(await endOf(watch, signedIn())).toBe('unconfirmed')
    expect(performance.now() - startedAt).toBeGreaterThan(50)
    expect(warnings[0]).toContain('1 open connections could not be looked at: no database')
  })

  it('looks at nothing where there is nothing to take back, or nobody left', async () => {
    let looks = 0
    const watch = createWatch(async () => {
      looks++
      return [ann]
    })
    watch.watch({ viewer: ann }, () => undefined)
    watch.watch({ viewer: ann, endsAt: Date.now() + 1e12 }, () => undefined)
    const stop = watch.watch(signedIn(), () => undefined)
    stop()
    // one that begins later, for which there would have been looks before
    expect(await endOf(watch, { viewer: ann, endsAt: Date.now() + 50 })).toBe('expired')
    expect(looks).toBe(0)
  })

  it('calls back once, whatever ends first', async () => {
    const ends: CredentialEnd[] = []
    const watch = createWatch(async () => [null])
    watch.watch({ ...signedIn(), endsAt: Date.now() + 5 }, end => ends.push(end))
    await endOf(watch, signedIn())
    await endOf(watch, signedIn())
    expect(ends).toHaveLength(1)
  })
})
