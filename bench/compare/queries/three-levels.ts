import type { BenchQuery } from './bench-query.ts'

/** Lists in lists in a list, each with an order and a limit. */
export const threeLevels: BenchQuery = {
  id: 'three-levels',
  title: 'Three levels of lists: 10 × 5 × 5',
  refract: {
    document: `query ($after: Int!) {
      answer: customers(where: { customerId: { gte: $after } }, orderBy: [{ customerId: ASC }], first: 10) {
        nodes {
          firstName lastName
          invoices(orderBy: [{ invoiceDate: DESC }, { invoiceId: DESC }], first: 5) {
            nodes {
              invoiceDate total
              invoiceLines(orderBy: [{ invoiceLineId: ASC }], first: 5) { nodes { quantity unitPrice } }
            }
          }
        }
      }
    }`,
  },
  pothos: {
    document: `query ($after: Int!) {
      answer: customers(after: $after, first: 10) {
        firstName lastName
        invoices(first: 5) { invoiceDate total invoiceLines(first: 5) { quantity unitPrice } }
      }
    }`,
  },
  postgraphile: {
    document: `query ($after: Int!) {
      answer: allCustomers(
        filter: { customerId: { greaterThanOrEqualTo: $after } }, orderBy: [CUSTOMER_ID_ASC], first: 10
      ) {
        nodes {
          firstName lastName
          invoices: invoicesByCustomerId(orderBy: [INVOICE_DATE_DESC, INVOICE_ID_DESC], first: 5) {
            nodes {
              invoiceDate total
              invoiceLines: invoiceLinesByInvoiceId(orderBy: [INVOICE_LINE_ID_ASC], first: 5) {
                nodes { quantity unitPrice }
              }
            }
          }
        }
      }
    }`,
  },
  sql: ({ customer }) => `
    SELECT json_build_object('answer', coalesce(json_agg(json_build_object(
      'firstName', first_name, 'lastName', last_name, 'invoices', invoices.list
    ) ORDER BY customer_id), '[]'))::text
    FROM (SELECT * FROM ${customer} WHERE customer_id >= $1::int ORDER BY customer_id LIMIT 10) customer
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'invoiceDate', invoice_date, 'total', total::text, 'invoiceLines', lines.list
      ) ORDER BY invoice_date DESC, invoice_id DESC), '[]') AS list
      FROM (
        SELECT * FROM invoice WHERE customer_id = customer.customer_id
        ORDER BY invoice_date DESC, invoice_id DESC LIMIT 5
      ) invoice
      CROSS JOIN LATERAL (
        SELECT coalesce(json_agg(json_build_object(
          'quantity', quantity, 'unitPrice', unit_price::text
        ) ORDER BY invoice_line_id), '[]') AS list
        FROM (
          SELECT * FROM invoice_line WHERE invoice_id = invoice.invoice_id ORDER BY invoice_line_id LIMIT 5
        ) line
      ) lines
    ) invoices`,
  parameters: ['after'],
  variables: ({ customerIds }) => customerIds.map(after => ({ after })),
}
