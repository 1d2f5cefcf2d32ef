import { parseMoment } from '../../lib/exact-moment.ts'
import type { Datamodel, ScalarField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'

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
      return [field.name, text === null ? null : readText(datamodel, field, text)]
    }),
  )
}

function readText(datamodel: Datamodel, field: ScalarField, text: string): unknown {
  if (field.enumName)
    return datamodel.enum(field.enumName).values.find(({ column }) => column === text)?.name ?? text
  switch (field.scalar) {
    case 'Int':
    case 'Float':
      return Number(text)
    case 'BigInt':
      return BigInt(text)
    case 'Boolean':
      return text === 'true'
    case 'Decimal':
      return text.includes('.') ? text.replace(/\.?0+$/, '') : text
    case 'Bytes':
      return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
    case 'DateTime':
      return new Date(parseMoment(text))
    default:
      return text
  }
}
