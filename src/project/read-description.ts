import type { DatamodelDescription } from '../engine/datamodel/description.ts'
import { readDmmf } from '../engine/datamodel/read-dmmf.ts'
import { createGeneratorBlocks, generatorsFileName } from './generator-blocks.ts'
import { requireFromPackage } from './package-info.ts'
import { type PreparedSchema, prepareSchema, type SchemaFile } from './prepare-schema.ts'
import { type Project, readSchemaFiles } from './project.ts'
import { createSchemaError } from './schema-error.ts'

/**
 * The description of a project's models, from its schema as it is now; nothing is generated. Throws a StartError where the
 * schema does not parse.
 */
export function readDescription(project: Project): DatamodelDescription {
  const sources = readSchemaFiles(project)
  return describeSchema(prepareSchema(sources), sources)
}

/** The same of a schema that was prepared from `sources`. */
export function describeSchema(
  { files, previewFeatures }: PreparedSchema,
  sources: readonly SchemaFile[],
): DatamodelDescription {
  const texts = files.map(({ path, text }) => [path, text])
  const prismaSchema = [...texts, [generatorsFileName, createGeneratorBlocks(previewFeatures)]]
  const document = readDocument(JSON.stringify({ prismaSchema, noColor: true }), sources)
  return readDmmf(document.datamodel, files.map(({ text }) => text).join('\n'))
}

type Document = { readonly datamodel: Parameters<typeof readDmmf>[0] }

/** Prisma's own parser, as `prisma generate` has it. It is big, so whoever needs no schema does not load it. */
function readDocument(parameters: string, sources: readonly SchemaFile[]): Document {
  const parser = requireFromPackage('@prisma/prisma-schema-wasm') as { get_dmmf(parameters: string): string }
  try {
    return JSON.parse(parser.get_dmmf(parameters)) as Document
  } catch (error) {
    throw createSchemaError(readMessage(error), sources)
  }
}

/** The parser's errors are JSON. */
function readMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.startsWith('{') ? (JSON.parse(text) as { readonly message: string }).message : text
}
