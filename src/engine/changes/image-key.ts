import { parseMoment } from '../../lib/exact-moment.ts'
import type { Datamodel, Model, ScalarField } from '../datamodel/model.ts'
import type { Row } from '../operations/client.ts'
import { keyFields } from '../operations/key.ts'

/**
 * The key of a row, by Prisma field name and as Prisma reads it, out of the texts that its image in the log has for the
 * key's columns.
 */
export function keyOfImage(datamodel: Datamodel, model: Model, texts: readonly string[]): Row {
  return Object.fromEntries(
    keyFields(model).map((field, index) => [field.name, readText(datamodel, field, texts[index] ?? '')]),
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
