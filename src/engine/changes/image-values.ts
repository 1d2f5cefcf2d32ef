import type { Datamodel, ScalarField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { valueOfText } from '../operations/sql/value-of-text.ts'

/**
 * The values of some fields, by Prisma field name and as Prisma reads them, out of the texts that a row's image in the log
 * has for their columns. Lists, JSON and the like stay texts.
 */
export function readImage(
  datamodel: Datamodel,
  fields: readonly ScalarField[],
  texts: readonly (string | null)[],
): Row {
  return Object.fromEntries(
    fields.map((field, index) => {
      const text = texts[index] ?? null
      return [field.name, text === null ? null : valueOfText(datamodel, field, text)]
    }),
  )
}
