import { parseMoment } from '../../../lib/exact-moment.ts'
import type { Datamodel, ScalarField } from '../../datamodel/model.ts'

/** A column's value as Prisma reads it, out of the text that PostgreSQL writes it as. Lists, JSON and the like stay texts. */
export function valueOfText(datamodel: Datamodel, field: ScalarField, text: string): unknown {
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
