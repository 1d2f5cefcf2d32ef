import { afterEach, describe, expect, test } from 'vitest'
import { createNotificationCarrier, openDatabase } from '../../../src/database/index.ts'
import { createEventBus, createLocalCarrier } from '../../../src/engine/events/event-bus.ts'
import type { EngineConfig, EventCarrier } from '../../../src/engine/index.ts'
import { createRedisCarrier } from '../../../src/events/redis-carrier.ts'
import { silentLog } from '../../../src/observe/log.ts'
import { createTestDatabase } from '../../support/database.ts'
import { createTestEngine, fixture } from '../../support/engine.ts'
import { hasRedis, startRedis } from '../../support/redis.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** Two carriers of two instances. */
type MakePair = () => Promise<readonly [EventCarrier, EventCarrier]>

const carriers: Readonly<Record<string, MakePair>> = {
  'one process': async () => {
    const carrier = createLocalCarrier()
    return [carrier, carrier]
  },
  PostgreSQL: async () => {
    const test = await createTestDatabase()
    closers.push(() => test.drop())
    const instances = await Promise.all([1, 2].map(() => openDatabase({ url: test.url, projectDir: '' })))
    for (const instance of instances) closers.push(() => instance.close())
    const fail = (error: unknown) => {
      throw error
    }
    const [one, other] = instances.map(instance => createNotificationCarrier(instance, fail))
    return [one as EventCarrier, other as EventCarrier]
  },
  ...(hasRedis
    ? {
        Redis: async () => {
          const redis = await startRedis()
          const pair = [
            createRedisCarrier(redis.url, silentLog),
            createRedisCarrier(redis.url, silentLog),
          ] as const
          for (const carrier of pair) closers.push(() => carrier.close())
          return pair
        },
      }
    : {}),
}

interface Events {
  typing: { readonly issue: number; readonly text: string }
}

describe.each(Object.entries(carriers))('events of the application over %s', (_, makePair) => {
  test('reach those on all instances who want them, in order', async () => {
    const [one, other] = (await makePair()).map(carrier => createEventBus(carrier)) as [
      ReturnType<typeof createEventBus>,
      ReturnType<typeof createEventBus>,
    ]
    const isWanted = (payload: unknown) => (payload as Events['typing']).issue === 1
    const heard = await Promise.all([one, other].map(bus => bus.subscribe('typing', isWanted)))
    await one.publish('typing', { issue: 1, text: 'first' })
    await one.publish('typing', { issue: 2, text: 'not wanted' })
    await one.publish('other', { issue: 1, text: 'of another name' })
    await one.publish('typing', { issue: 1, text: 'ü' })
    for (const iterator of heard) {
      expect([await iterator.next(), await iterator.next()].map(({ value }) => value)).toEqual([
        { issue: 1, text: 'first' },
        { issue: 1, text: 'ü' },
      ])
      const waiting = iterator.next()
      await iterator.return?.()
      expect(await waiting).toEqual({ done: true, value: undefined })
    }
    for (const bus of [one, other]) bus.close()
  })
})

test('an event that PostgreSQL cannot carry is refused', async () => {
  const [one] = await (carriers.PostgreSQL as MakePair)()
  const bus = createEventBus(one)
  await expect(bus.publish('typing', 'x'.repeat(8_000))).rejects.toThrow(
    'PostgreSQL carries 7900 at most. Set REDIS_URL, or publish an id.',
  )
})

describe('a subscription of an extension', () => {
  test('tells of events that a mutation of it publishes, each with what is in the database by then', async () => {
    const config: EngineConfig = {
      extensions: [
        (builder, refract) => {
          builder.mutationField('look', t =>
            t.boolean({
              args: { id: t.arg.int({ required: true }) },
              resolve: async (_, { id }, context) => {
                await context.events.publish('issueTyping', { issueId: String(id), name: '' })
                return true
              },
            }),
          )
          builder.subscriptionField('looked', t =>
            t.field({
              type: refract.object('Subject' as never),
              nullable: true,
              args: { id: t.arg.int({ required: true }) },
              subscribe: (_, { id }, context) =>
                context.events.subscribe('issueTyping', event => event.issueId === String(id)) as never,
              resolve: (event, _, context, info) =>
                refract.load(
                  'Subject' as never,
                  { id: Number((event as { issueId: string }).issueId) } as never,
                  context,
                  info,
                ) as never,
            }),
          )
        },
      ],
    }
    const library = await createTestEngine({ project: fixture('library'), config })
    closers.push(() => library.close())
    await library.sql(`INSERT INTO "Subject" (id, name) VALUES (1, 'One'), (2, 'Two')`)
    const subscription = await library.subscribe('subscription { looked(id: 2) { name } }')
    const look = (id: number) => library.query(`mutation { look(id: ${id}) }`)
    await look(1)
    await look(2)
    expect((await subscription.next())?.data).toEqual({ looked: { name: 'Two' } })
    await library.sql(`UPDATE "Subject" SET name = 'Zwei' WHERE id = 2`)
    await look(2)
    expect((await subscription.next())?.data).toEqual({ looked: { name: 'Zwei' } })
    await subscription.end()
  })
})
