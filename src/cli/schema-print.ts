import { openProject } from '../project/index.ts'
import type { CommonArguments } from './commands.ts'
import { buildApi, printApi } from './print-api.ts'

/** `refract schema print`: the API on standard output. */
export async function runSchemaPrint({ project }: CommonArguments): Promise<number> {
  const { engine } = await buildApi(openProject(project))
  process.stdout.write(printApi(engine.schema))
  return 0
}
