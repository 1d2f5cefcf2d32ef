import { openProject } from '../project/index.ts'
import type { CommonArguments } from './commands.ts'
import { buildApi, printApi, writeIfChanged } from './print-api.ts'
import { count, print, shortPath, style } from './terminal.ts'

/** `refract generate`: the client and the models' description into DIR/.refract/generated, the API into schema.graphql. */
export async function runGenerate({ project: directory }: CommonArguments): Promise<number> {
  const project = openProject(directory)
  const { schema } = (await buildApi(project)).engine
  const file = shortPath(project.graphqlFile)
  const isNew = writeIfChanged(project.graphqlFile, printApi(schema))
  const types = Object.keys(schema.getTypeMap()).filter(name => !name.startsWith('__')).length
  print(`${style('green', '✓')} The client is in step with ${shortPath(project.schemaPath)}`)
  print(`${style('green', '✓')} ${file}: ${count(types, 'type')}${isNew ? '' : ', unchanged'}`)
  return 0
}
