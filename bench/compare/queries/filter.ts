import type { BenchQuery } from './bench-query.ts'

/** Rows found by a related row, counted, in an order and with a limit; and a part of their own lists. */
export const filter: BenchQuery = {
  id: 'filter',
  title: 'Filter by a related row, count, inner lists',
  refract: {
    document: `query ($country: String!) {
      answer: invoices(
        where: { customer: { is: { country: { equals: $country } } } }
        orderBy: [{ total: DESC }, { invoiceId: ASC }], first: 10
      ) {
        totalCount
        nodes {
          invoiceId total
          invoiceLines(orderBy: [{ unitPrice: DESC }, { invoiceLineId: ASC }], first: 3) {
            nodes { quantity unitPrice }
          }
        }
      }
    }`,
  },
  pothos: {
    document: `query ($country: String!) {
      answer: invoicesOfCountry(country: $country, first: 10) {
        totalCount
        nodes { invoiceId total invoiceLines: dearestLines(first: 3) { quantity unitPrice } }
      }
    }`,
  },
  postgraphile: {
    document: `query ($country: String!) {
      answer: allInvoices(
        filter: { customerByCustomerId: { country: { equalTo: $country } } }
        orderBy: [TOTAL_DESC, INVOICE_ID_ASC], first: 10
      ) {
        totalCount
        nodes {
          invoiceId total
          invoiceLines: invoiceLinesByInvoiceId(orderBy: [UNIT_PRICE_DESC, INVOICE_LINE_ID_ASC], first: 3) {
            nodes { quantity unitPrice }
          }
        }
      }
    }`,
  },
  sql: ({ invoice }) => `
    WITH matching AS MATERIALIZED (
      SELECT invoice_id, total FROM ${invoice}
      WHERE customer_id IN (SELECT customer_id FROM customer WHERE country = $1::text)
    )
    SELECT json_build_object('answer', json_build_object(
      'totalCount', (SELECT count(*) FROM matching),
      'nodes', coalesce(json_agg(json_build_object(
        'invoiceId', invoice_id, 'total', total::text, 'invoiceLines', lines.list
      ) ORDER BY total DESC, invoice_id), '[]')))::text
    FROM (SELECT * FROM matching ORDER BY total DESC, invoice_id LIMIT 10) page
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'quantity', quantity, 'unitPrice', unit_price::text
      ) ORDER BY unit_price DESC, invoice_line_id), '[]') AS list
      FROM (
        SELECT * FROM invoice_line WHERE invoice_id = page.invoice_id
        ORDER BY unit_price DESC, invoice_line_id LIMIT 3
      ) line
    ) lines`,
  parameters: ['country'],
  variables: ({ countries }) => countries.map(country => ({ country })),
}
