import { builder } from './builder.ts'
import { prisma } from './client.ts'
import { InvoicePage } from './invoice-page.ts'
import { InvoiceStatistics } from './invoice-statistics.ts'

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
    customers: t.prismaField({
      type: ['Customer'],
      args: { after: t.arg.int({ required: true }), first: t.arg.int({ required: true }) },
      resolve: (query, _parent, { after, first }) =>
        prisma.customer.findMany({
          ...query,
          where: { customerId: { gte: after } },
          orderBy: { customerId: 'asc' },
          take: first,
        }),
    }),
    invoicesOfCountry: t.field({
      type: InvoicePage,
      args: { country: t.arg.string({ required: true }), first: t.arg.int({ required: true }) },
      resolve: (_parent, { country, first }) => ({ where: { customer: { country } }, take: first }),
    }),
    invoiceStatistics: t.field({ type: InvoiceStatistics, resolve: () => ({}) }),
  }),
})
