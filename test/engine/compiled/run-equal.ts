import yargs from 'yargs'
import { checkWorld, createTally, shareOf } from './model/check-world.ts'
import { worlds } from './worlds/index.ts'

const names = Object.keys(worlds) as (keyof typeof worlds)[]
const atOnce = 500

const { queries, seed, world } = yargs(process.argv.slice(2))
  .usage('npm run test:equal -- [options]')
  .options({
    queries: { type: 'number', default: 20_000, describe: 'How many, over all worlds.' },
    seed: { type: 'number', default: 1, describe: 'The same queries are asked for the same seed.' },
    world: { choices: names, array: true, default: names, describe: 'Where.' },
  })
  .strict()
  .parseSync()

/** Asks in one world, tells how it goes, and returns how many queries were answered differently. */
async function run(name: keyof typeof worlds, count: number): Promise<number> {
  const tally = createTally()
  const found = await worlds[name].create()
  try {
    for (let done = 0; done < count; done += atOnce) {
      await checkWorld(found, seed + done, Math.min(atOnce, count - done), tally)
      console.log(
        `${name}: ${tally.asked} asked, ${tally.compiled} compiled, ${tally.differences.length} differ`,
      )
    }
  } finally {
    await found.close()
  }
  const { asked, compiled, failed, statements, ordinary, differences } = tally
  const share = shareOf(tally).toFixed(3)
  console.log(`${name}:`, {
    asked,
    compiled,
    failed,
    statements,
    share,
    ordinary: Object.fromEntries(ordinary),
  })
  for (const difference of differences) console.log(`\n${difference}\n`)
  return differences.length
}

let different = 0
for (const name of world) different += await run(name, Math.ceil(queries / world.length))
process.exitCode = different === 0 ? 0 : 1
