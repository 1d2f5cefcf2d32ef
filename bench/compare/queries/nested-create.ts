import type { BenchQuery } from './bench-query.ts'

const definitions =
  '$customerId: Int!, $invoiceDate: DateTime!, $billingCity: String, $total: Decimal!, $lines: '
const values = 'customerId: $customerId, invoiceDate: $invoiceDate, billingCity: $billingCity, total: $total'
const fields = 'invoiceDate billingCity total'

/** A new row with three of another table that refer to it, in one transaction. PostGraphile has no nested writes. */
export const nestedCreate: BenchQuery = {
  id: 'nested-create',
  title: 'Create a row with three related ones',
  isWrite: true,
  refract: {
    document: `mutation (${definitions}[InvoiceLineCreateWithoutInvoiceInput!]!) {
      answer: createInvoice(data: { ${values}, invoiceLines: { create: $lines } }) {
        invoice { ${fields} invoiceLines { nodes { quantity unitPrice track { name } } } } errors { message }
      }
    }`,
    toCommonShape: answer => (answer as { readonly invoice: unknown }).invoice,
  },
  pothos: {
    document: `mutation (${definitions}[InvoiceLineInput!]!) {
      answer: createInvoice(data: { ${values}, lines: $lines }) {
        ${fields} invoiceLines { quantity unitPrice track { name } }
      }
    }`,
  },
  sql: tables => `
    WITH invoice AS (
      INSERT INTO invoice (customer_id, invoice_date, billing_city, total)
      SELECT customer_id, $2::timestamp, $3::text, $4::numeric FROM ${tables.customer} WHERE customer_id = $1::int
      RETURNING *
    ), line AS (
      INSERT INTO invoice_line (invoice_id, track_id, quantity, unit_price)
      SELECT invoice_id, "trackId", given.quantity, "unitPrice"
      FROM invoice, json_to_recordset($5::json) AS given ("trackId" int, quantity int, "unitPrice" numeric)
      RETURNING *
    )
    SELECT json_build_object('answer', json_build_object(
      'invoiceDate', invoice_date, 'billingCity', billing_city, 'total', total::text,
      'invoiceLines', (
        SELECT json_agg(json_build_object(
          'quantity', quantity, 'unitPrice', line.unit_price::text, 'track', json_build_object('name', name)
        ) ORDER BY invoice_line_id)
        FROM line JOIN track USING (track_id))))::text
    FROM invoice`,
  parameters: ['customerId', 'invoiceDate', 'billingCity', 'total', 'lines'],
  variables: ({ customerIds, trackIds }) =>
    customerIds.map((customerId, index) => ({
      customerId,
      invoiceDate: '2026-01-31T09:30:00Z',
      billingCity: `City ${index}`,
      total: '2.97',
      lines: [0, 1, 2].map(place => ({
        trackId: trackIds[(index + place) % trackIds.length],
        quantity: place + 1,
        unitPrice: '0.99',
      })),
    })),
}
