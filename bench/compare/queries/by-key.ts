import type { BenchQuery } from './bench-query.ts'

const fields = 'invoiceId invoiceDate billingAddress billingCity billingCountry total'

/** One row by its primary key. */
export const byKey: BenchQuery = {
  id: 'by-key',
  title: 'One row by key',
  refract: { document: `query ($id: Int!) { answer: invoice(where: { invoiceId: $id }) { ${fields} } }` },
  pothos: { document: `query ($id: Int!) { answer: invoice(invoiceId: $id) { ${fields} } }` },
  postgraphile: {
    document: `query ($id: Int!) { answer: invoiceByInvoiceId(invoiceId: $id) { ${fields} } }`,
  },
  sql: ({ invoice }) => `
    SELECT json_build_object('answer', (
      SELECT json_build_object(
        'invoiceId', invoice_id, 'invoiceDate', invoice_date, 'billingAddress', billing_address,
        'billingCity', billing_city, 'billingCountry', billing_country, 'total', total::text)
      FROM ${invoice} WHERE invoice_id = $1::int))::text`,
  parameters: ['id'],
  variables: ({ invoiceIds }) => invoiceIds.map(id => ({ id })),
}
