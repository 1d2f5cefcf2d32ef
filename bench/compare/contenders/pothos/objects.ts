import { builder } from './builder.ts'

builder.prismaObject('Album', {
  select: {},
  fields: t => ({ title: t.exposeString('title') }),
})

builder.prismaObject('Genre', {
  select: {},
  fields: t => ({ name: t.exposeString('name', { nullable: true }) }),
})

builder.prismaObject('Track', {
  select: {},
  fields: t => ({
    trackId: t.exposeInt('trackId'),
    name: t.exposeString('name'),
    album: t.relation('album', { nullable: true }),
    genre: t.relation('genre', { nullable: true }),
  }),
})

builder.prismaObject('Customer', {
  select: {},
  fields: t => ({
    customerId: t.exposeInt('customerId'),
    firstName: t.exposeString('firstName'),
    lastName: t.exposeString('lastName'),
    country: t.exposeString('country', { nullable: true }),
    invoices: t.relation('invoices', {
      args: { first: t.arg.int({ defaultValue: 20 }) },
      query: ({ first }) => ({
        take: first ?? 20,
        orderBy: [{ invoiceDate: 'desc' }, { invoiceId: 'desc' }],
      }),
    }),
  }),
})

builder.prismaObject('Invoice', {
  select: {},
  fields: t => ({
    invoiceId: t.exposeInt('invoiceId'),
    invoiceDate: t.expose('invoiceDate', { type: 'DateTime' }),
    billingAddress: t.exposeString('billingAddress', { nullable: true }),
    billingCity: t.exposeString('billingCity', { nullable: true }),
    billingCountry: t.exposeString('billingCountry', { nullable: true }),
    total: t.expose('total', { type: 'Decimal' }),
    customer: t.relation('customer'),
    invoiceLines: t.relation('invoiceLines', {
      args: { first: t.arg.int({ defaultValue: 20 }) },
      query: ({ first }) => ({ take: first ?? 20, orderBy: { invoiceLineId: 'asc' } }),
    }),
    dearestLines: t.relation('invoiceLines', {
      args: { first: t.arg.int({ defaultValue: 20 }) },
      query: ({ first }) => ({
        take: first ?? 20,
        orderBy: [{ unitPrice: 'desc' }, { invoiceLineId: 'asc' }],
      }),
    }),
  }),
})

builder.prismaObject('InvoiceLine', {
  select: {},
  fields: t => ({
    invoiceLineId: t.exposeInt('invoiceLineId'),
    quantity: t.exposeInt('quantity'),
    unitPrice: t.expose('unitPrice', { type: 'Decimal' }),
    track: t.relation('track'),
    invoice: t.relation('invoice'),
  }),
})
