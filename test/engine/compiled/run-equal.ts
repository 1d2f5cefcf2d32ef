import yargs from 'yargs'
import { createChinookWorld, hasChinook } from '../../chinook/chinook-world.ts'
import { checkWorld, createTally, shareOf } from './model/check-world.ts'
import { type WorldKind, worlds } from './worlds/index.ts'

/** Chinook as well: it is asked where it lies beside the checkout and there is a server. */
const all: Readonly<Record<string, Pick<WorldKind, 'create'>>> = {
  ...worlds,
  chinook: { create: createChinookWorld },
}
const atOnce = 500
const here = Object.keys((await hasChinook()) ? all : worlds)

const { queries, seed, world } = yargs(process.argv.slice(2))
  .usage('npm run test:equal -- [options]')
  .options({
    queries: { type: 'number', default: 20_000, describe: 'How many, over all worlds.' },
    seed: { type: 'number', default: 1, describe: 'The same queries are asked for the same seed.' },
    world: { choices: Object.keys(all), array: true, default: here, describe: 'Where.' },
  })
  .strict()
  .parseSync()

/** Asks in one world, tells how it goes, and returns how many queries were answered differently. */
async function run(name: string, count: number): Promise<number> {
  const tally = createTally()
  const found = await all[name]?.create()
  if (!found) throw new Error(`There is no world ${name}.`)
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
