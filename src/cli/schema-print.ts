import { openProject } from '../project/index.ts'
import type { CommonArguments } from './commands.ts'
import { buildApi, printApi } from './print-api.ts'

/** `refract schema print`: the API on standard output. */
export async function runSchemaPrint({ project }: CommonArguments): Promise<number> {
  process.stdout.write(printApi(await buildApi(openProject(project))))
  return 0
}
