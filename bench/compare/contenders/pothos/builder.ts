import SchemaBuilder from '@pothos/core'
import PrismaPlugin from '@pothos/plugin-prisma'
import { prisma } from './client.ts'
import { Prisma } from './generated/client/client.ts'
import type PrismaTypes from './generated/pothos.ts'
import { getDatamodel } from './generated/pothos.ts'

export const builder = new SchemaBuilder<{
  PrismaTypes: PrismaTypes
  Scalars: {
    DateTime: { Input: Date; Output: Date }
    Decimal: { Input: Prisma.Decimal; Output: Prisma.Decimal }
  }
}>({
  plugins: [PrismaPlugin],
  prisma: { client: prisma, dmmf: getDatamodel() },
})

builder.scalarType('DateTime', {
  serialize: value => value.toISOString(),
  parseValue: value => new Date(String(value)),
})

builder.scalarType('Decimal', {
  serialize: value => value.toString(),
  parseValue: value => new Prisma.Decimal(String(value)),
})
