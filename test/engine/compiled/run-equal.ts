import yargs from 'yargs'
import { checkWorld, createTally, type EqualWorld } from './model/check-world.ts'
import { createExampleWorld } from './worlds/example.ts'
import { createVillageWorld } from './worlds/village.ts'
import { createWideWorld } from './worlds/wide.ts'

const worlds: Readonly<Record<string, () => Promise<EqualWorld>>> = {
  example: createExampleWorld,
  village: createVillageWorld,
  wide: createWideWorld,
}

const {
  queries,
  seed,
  world: names,
} = yargs(process.argv.slice(2))
  .options({
    queries: { type: 'number', default: 20_000 },
    seed: { type: 'number', default: 1 },
    world: { type: 'string', array: true, default: Object.keys(worlds) },
  })
  .strict()
  .parseSync()

for (const name of names) {
  const create = worlds[name]
  if (!create) throw new Error(`There is no world ${name}.`)
  const world = await create()
  const tally = createTally()
  const start = performance.now()
  try {
    const count = Math.ceil(queries / names.length)
    for (let done = 0; done < count; done += 500) {
      await checkWorld(world, seed + done, Math.min(500, count - done), tally)
      console.log(
        `${name}: ${tally.asked} asked, ${tally.differences.length} differ, ${Math.round(performance.now() - start)} ms`,
      )
    }
  } finally {
    await world.close()
  }
  console.log(
    JSON.stringify(
      { ...tally, ordinary: Object.fromEntries(tally.ordinary), differences: tally.differences.length },
      null,
      1,
    ),
  )
  for (const difference of tally.differences) console.log(`\n${difference}`)
}
