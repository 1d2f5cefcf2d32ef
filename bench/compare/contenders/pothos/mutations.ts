import { builder } from './builder.ts'
import { prisma } from './client.ts'

const InvoiceLineInput = builder.inputType('InvoiceLineInput', {
  fields: t => ({
    trackId: t.int({ required: true }),
    quantity: t.int({ required: true }),
    unitPrice: t.field({ type: 'Decimal', required: true }),
  }),
})

const InvoiceInput = builder.inputType('InvoiceInput', {
  fields: t => ({
    customerId: t.int({ required: true }),
    invoiceDate: t.field({ type: 'DateTime', required: true }),
    billingCity: t.string(),
    total: t.field({ type: 'Decimal', required: true }),
    lines: t.field({ type: [InvoiceLineInput] }),
  }),
})

builder.mutationType({
  fields: t => ({
    createInvoice: t.prismaField({
      type: 'Invoice',
      args: { data: t.arg({ type: InvoiceInput, required: true }) },
      resolve: (query, _parent, { data: { lines, ...invoice } }) =>
        prisma.invoice.create({
          ...query,
          data: { ...invoice, ...(lines && { invoiceLines: { createMany: { data: lines } } }) },
        }),
    }),
  }),
})
