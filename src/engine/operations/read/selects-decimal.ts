import type { Datamodel, Model } from '../../datamodel/model.ts'
import type { Select } from '../client.ts'

/** The selection has a Decimal: inside the JSON that Prisma's join builds it passes through a float and loses digits. */
export function selectsDecimal(datamodel: Datamodel, model: Model, select: Select): boolean {
  const isOwn = model.scalars.some(field => field.scalar === 'Decimal' && select[field.name])
  return isOwn || nestsDecimal(datamodel, model, select)
}

/** Rows inside of the selected rows have a Decimal; the rows themselves are columns, which are exact. */
export function nestsDecimal(datamodel: Datamodel, model: Model, select: Select): boolean {
  return model.relations.some(field => {
    const selected = select[field.name]
    if (!selected) return false
    const target = datamodel.model(field.target)
    const nested = selected === true ? undefined : (selected as { readonly select?: Select }).select
    return nested
      ? selectsDecimal(datamodel, target, nested)
      : target.scalars.some(scalar => scalar.scalar === 'Decimal')
  })
}
