import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import generatorHelper from '@prisma/generator-helper'
import { readDmmf } from './read-dmmf.ts'

/**
 * The Prisma generator `refract-datamodel`: writes the schema's description as JSON to its `output`, a file.
 * Run by `prisma generate` as a child process that speaks JSON-RPC on stdio.
 */
export function runDatamodelGenerator(): void {
  generatorHelper.generatorHandler({
    onManifest: () => ({ prettyName: 'Refract datamodel', defaultOutput: './datamodel.json' }),
    onGenerate: async options => {
      const output = options.generator.output?.value
      if (!output)
        throw new Error('The generator refract-datamodel needs an `output`: the JSON file to write.')
      mkdirSync(dirname(output), { recursive: true })
      writeFileSync(output, JSON.stringify(readDmmf(options.dmmf.datamodel, options.datamodel), null, 1))
    },
  })
}
