import type { Viewer } from '../../../../src/engine/index.ts'
import { createRandom, type Random } from '../../../support/random.ts'
import { askOperation, askOrder } from './ask-operation.ts'
import type { Operation } from './asking.ts'
import { type Compared, type Comparison, compare } from './compare.ts'
import { type Knowledge, lookAround, withPages } from './knowledge.ts'
import { shrink } from './shrink.ts'

/** A database with an API over it, and those who ask it. */
export interface EqualWorld extends Compared {
  readonly name: string
  /** Other rows, other rules: nothing happens where there are always the same. */
  renew(random: Random): Promise<void>
  viewer(random: Random): Viewer
  close(): Promise<void>
}

export interface Tally {
  asked: number
  /** Answered by compiled reads. */
  compiled: number
  /** Answered with errors, both ways. */
  failed: number
  statements: number
  /** How many were not compiled though the ordinary way had no errors, by the reason. */
  readonly ordinary: Map<string, number>
  readonly differences: string[]
}

export function createTally(): Tally {
  return { asked: 0, compiled: 0, failed: 0, statements: 0, ordinary: new Map(), differences: [] }
}

/** The share of the queries without errors that was compiled. */
export function shareOf({ asked, compiled, failed }: Tally): number {
  return compiled / (asked - failed)
}

/**
 * Why a query may go the ordinary way though that has no errors: it is known not to be compiled, it has a field of the
 * project's own, a value is met that only JavaScript prints, or what is wrong with the input is at a place that no row of
 * the answer leads to.
 */
const knownReason = /^(not generated$|unprintable value$|NotCompilable: |RefractError: |GraphQLError: )/

export function unknownReasons({ ordinary }: Tally): readonly string[] {
  return [...ordinary.keys()].filter(reason => !knownReason.test(reason))
}

/** So many queries are asked of the same rows, with the same pages known. */
const batchSize = 50

/** Asks as many queries both ways, the same for the same seed. */
export async function checkWorld(
  world: EqualWorld,
  seed: number,
  count: number,
  tally: Tally,
): Promise<void> {
  for (let done = 0, batch = seed; done < count; done += batchSize, batch++)
    await checkBatch(world, batch, Math.min(batchSize, count - done), tally)
}

async function checkBatch(world: EqualWorld, batch: number, count: number, tally: Tally): Promise<void> {
  const random = createRandom(batch)
  const { engine } = world.api
  await world.renew(random)
  const knowledge = await learn(world, random)
  const viewers = Array.from({ length: 4 }, () => world.viewer(random))
  for (let index = 0; index < count; index++) {
    const viewer = random.one(viewers)
    const source = { schema: engine.schemaFor(viewer), datamodel: engine.datamodel, knowledge }
    const operation = askOperation(source, batch * 1_000 + index)
    const ask = (asked: Operation) => compare(world, source.schema, viewer, asked)
    const result = await ask(operation)
    note(tally, result)
    if (result.difference === null) continue
    tally.differences.push(
      await describe(
        `${world.name} ${batch} ${index}`,
        viewer,
        operation,
        async asked => ask(asked),
        source.schema,
      ),
    )
  }
}

/** The rows that an administrator sees, and pages of all lists in some orders. */
async function learn({ api: { engine } }: EqualWorld, random: Random): Promise<Knowledge> {
  const { schema, datamodel } = engine
  const knowledge = await lookAround(engine)
  const source = { schema, datamodel, knowledge }
  const orders = datamodel.models.flatMap(model =>
    [1, 2].map(() => [model, askOrder(source, model, random)] as const),
  )
  return withPages(engine, knowledge, orders)
}

function note(tally: Tally, { ordinary, hasErrors, statements }: Comparison): void {
  tally.asked += 1
  if (ordinary === null) {
    tally.compiled += 1
    tally.statements += statements.length
  } else if (hasErrors) tally.failed += 1
  else tally.ordinary.set(ordinary, (tally.ordinary.get(ordinary) ?? 0) + 1)
}

async function describe(
  name: string,
  viewer: Viewer,
  operation: Operation,
  ask: (operation: Operation) => Promise<Comparison>,
  schema: Parameters<typeof shrink>[0],
): Promise<string> {
  const small = await shrink(schema, operation, async asked => (await ask(asked)).difference !== null)
  const { difference, statements } = await ask(small)
  return [
    `${name}: ${JSON.stringify(viewer)}`,
    small.source,
    JSON.stringify(small.variables),
    difference,
    ...statements,
  ].join('\n')
}
