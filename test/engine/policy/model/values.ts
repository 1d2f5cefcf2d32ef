import type { Datamodel, ScalarField } from '../../../../src/engine/datamodel/model.ts'

export const texts = ['', 'a', 'b', 'A', 'fox', 'red fox', 'dog', '%', '_']
const jsons = [1, 'a', [], { a: 1 }, { a: { b: 'x' } }, [1, 2]]

/** The values that rows, rules and questions are made of, as the API writes them: few, so that they often meet. */
export function values(datamodel: Datamodel, field: ScalarField): readonly unknown[] {
  if (field.enumName) return datamodel.enum(field.enumName).values.map(value => value.graphqlName)
  switch (field.scalar) {
    case 'Int':
      return [1, 2, 3, 4, 5, 6]
    case 'Decimal':
      return ['1', '2.5', '3']
    case 'Json':
      return jsons
    default:
      return texts
  }
}
