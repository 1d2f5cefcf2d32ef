import fc from 'fast-check'
import { administrator, type Viewer } from '../../../../src/engine/index.ts'
import { arbitraryVillage } from '../../policy/model/arbitrary-village.ts'
import { arbitraryRules, everything } from '../../policy/model/rules.ts'
import { createVillage } from '../../policy/model/village.ts'
import type { EqualWorld } from '../model/check-world.ts'

/** A village of a few rows under rules that look at anything and hide anything: others each time. */
export async function createVillageWorld(): Promise<EqualWorld> {
  const reasons: unknown[] = []
  const village = await createVillage({}, { reads: 'compiled', onOrdinary: reason => reasons.push(reason) })
  const { datamodel } = village
  let viewer: Viewer = administrator
  const one = <Value>(arbitrary: fc.Arbitrary<Value>, seed: number) =>
    fc.sample(arbitrary, { numRuns: 1, seed })[0] as Value
  return {
    name: 'village',
    api: village,
    reasons,
    renew: async random => {
      await village.store(one(arbitraryVillage(datamodel), random.below(2 ** 31)))
      viewer = village.rule(one(arbitraryRules(datamodel, everything), random.below(2 ** 31)))
    },
    viewer: random => (random.onceIn(6) ? administrator : viewer),
    close: village.close,
  }
}
