import { builder } from './builder.ts'
import { prisma } from './client.ts'

builder.queryType({
  fields: t => ({
    invoice: t.prismaField({
      type: 'Invoice',
      nullable: true,
      args: { invoiceId: t.arg.int({ required: true }) },
      resolve: (query, _parent, { invoiceId }) =>
        prisma.invoice.findUnique({ ...query, where: { invoiceId } }),
    }),
    invoiceLines: t.prismaField({
      type: ['InvoiceLine'],
      args: { after: t.arg.int({ required: true }), first: t.arg.int({ required: true }) },
      resolve: (query, _parent, { after, first }) =>
        prisma.invoiceLine.findMany({
          ...query,
          where: { invoiceLineId: { gt: after } },
          orderBy: { invoiceLineId: 'asc' },
          take: first,
        }),
    }),
  }),
})
