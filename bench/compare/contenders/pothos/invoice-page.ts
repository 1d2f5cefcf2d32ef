import { builder } from './builder.ts'
import { prisma } from './client.ts'
import type { Prisma } from './generated/client/client.ts'

/** Some invoices, the dearest first, and how many there are. */
export const InvoicePage = builder
  .objectRef<{ where: Prisma.InvoiceWhereInput; take: number }>('InvoicePage')
  .implement({
    fields: t => ({
      totalCount: t.int({ resolve: ({ where }) => prisma.invoice.count({ where }) }),
      nodes: t.prismaField({
        type: ['Invoice'],
        resolve: (query, { where, take }) =>
          prisma.invoice.findMany({
            ...query,
            where,
            orderBy: [{ total: 'desc' }, { invoiceId: 'asc' }],
            take,
          }),
      }),
    }),
  })
