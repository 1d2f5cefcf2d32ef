import { builder } from './builder.ts'
import { prisma } from './client.ts'
import type { Prisma } from './generated/client/client.ts'

interface Total {
  readonly total: Prisma.Decimal | null
}

const InvoiceTotal = builder.objectRef<Total>('InvoiceTotal').implement({
  fields: t => ({ total: t.expose('total', { type: 'Decimal', nullable: true }) }),
})

const InvoiceAggregate = builder
  .objectRef<{ readonly _count: number; readonly _sum: Total; readonly _max: Total }>('InvoiceAggregate')
  .implement({
    fields: t => ({
      count: t.exposeInt('_count'),
      sum: t.expose('_sum', { type: InvoiceTotal }),
      max: t.expose('_max', { type: InvoiceTotal }),
    }),
  })

const InvoiceGroupKey = builder
  .objectRef<{ readonly billingCountry: string | null }>('InvoiceGroupKey')
  .implement({ fields: t => ({ billingCountry: t.exposeString('billingCountry', { nullable: true }) }) })

const InvoiceGroup = builder
  .objectRef<{ readonly billingCountry: string | null; readonly _count: number; readonly _sum: Total }>(
    'InvoiceGroup',
  )
  .implement({
    fields: t => ({
      key: t.field({ type: InvoiceGroupKey, resolve: group => group }),
      count: t.exposeInt('_count'),
      sum: t.expose('_sum', { type: InvoiceTotal }),
    }),
  })

/** What all invoices come to, together and by country. */
export const InvoiceStatistics = builder.objectRef<object>('InvoiceStatistics').implement({
  fields: t => ({
    aggregate: t.field({
      type: InvoiceAggregate,
      resolve: () => prisma.invoice.aggregate({ _count: true, _sum: { total: true }, _max: { total: true } }),
    }),
    byCountry: t.field({
      type: [InvoiceGroup],
      resolve: () =>
        prisma.invoice.groupBy({
          by: ['billingCountry'],
          orderBy: { billingCountry: 'asc' },
          _count: true,
          _sum: { total: true },
        }),
    }),
  }),
})
