import { expect, test } from 'vitest'
import type { ChangeLog } from '../../../src/engine/changes/change-log.ts'
import { createChangeReader } from '../../../src/engine/changes/change-reader.ts'
import { origin } from '../../../src/engine/changes/position.ts'

test('the reader says in one breath that a batch was handed on and how far it is', async () => {
  const until = { transaction: 5n, sequence: 1n }
  const log: Pick<ChangeLog, 'read'> = {
    read: async after => ({ changes: [], until, isFull: after === origin, isHeldUp: false }),
  }
  const source = { listen: () => () => undefined, onError: expect.unreachable }
  let isTaken = false
  const take = async () => {
    isTaken = true
  }
  const settings = { pollMilliseconds: 1_000, batchSize: 1 }
  const reader = createChangeReader(log as ChangeLog, source as never, origin, settings, take)
  // a subscriber that has caught up can look after any microtask
  const seen = new Set<string>()
  for (let turn = 0; turn < 50; turn += 1) {
    await undefined
    if (isTaken) seen.add(reader.handingOn ? 'handing on' : `handed on up to ${reader.position.transaction}`)
  }
  expect([...seen]).toEqual(['handing on', 'handed on up to 5'])
  await reader.close()
})
