import type { EnumRef } from '@pothos/core'
import type { ScalarField } from '../datamodel/model.ts'
import { type EngineTypes, once, type SchemaBuild } from './builder.ts'
import type { ScalarShapes } from './scalar-shapes.ts'

export type EngineEnum = EnumRef<EngineTypes, string>

/** The GraphQL enum of a Prisma enum; in resolvers its values are Prisma's names. */
function enumRef(build: SchemaBuild, enumName: string): EngineEnum {
  const { typeName, documentation, values } = build.datamodel.enum(enumName)
  return once(build, typeName, () =>
    build.builder.enumType(typeName, {
      ...(documentation ? { description: documentation } : {}),
      values: Object.fromEntries(values.map(({ name, graphqlName }) => [graphqlName, { value: name }])),
    }),
  )
}

/** The GraphQL type of a scalar field's values, without its list; fit for inputs and outputs. */
export function inputTypeOf(
  build: SchemaBuild,
  field: Pick<ScalarField, 'graphqlType' | 'enumName'>,
): EngineEnum | keyof ScalarShapes {
  return field.enumName ? enumRef(build, field.enumName) : (field.graphqlType as keyof ScalarShapes)
}
