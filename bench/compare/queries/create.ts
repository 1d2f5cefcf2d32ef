import type { BenchQuery } from './bench-query.ts'

const definitions = (time: string, decimal: string) =>
  `$customerId: Int!, $invoiceDate: ${time}!, $billingCity: String, $total: ${decimal}!`
const values = 'customerId: $customerId, invoiceDate: $invoiceDate, billingCity: $billingCity, total: $total'
const fields = 'invoiceDate billingCity total'
const customer = 'firstName lastName'

/** One new row, and a related one in the answer. */
export const create: BenchQuery = {
  id: 'create',
  title: 'Create a row',
  isWrite: true,
  refract: {
    document: `mutation (${definitions('DateTime', 'Decimal')}) {
      answer: createInvoice(data: { ${values} }) {
        invoice { ${fields} customer { ${customer} } } errors { message }
      }
    }`,
    toCommonShape: answer => (answer as { readonly invoice: unknown }).invoice,
  },
  pothos: {
    document: `mutation (${definitions('DateTime', 'Decimal')}) {
      answer: createInvoice(data: { ${values} }) { ${fields} customer { ${customer} } }
    }`,
  },
  postgraphile: {
    document: `mutation (${definitions('Datetime', 'BigFloat')}) {
      answer: createInvoice(input: { invoice: { ${values} } }) {
        invoice { ${fields} customer: customerByCustomerId { ${customer} } }
      }
    }`,
    toCommonShape: answer => (answer as { readonly invoice: unknown }).invoice,
  },
  sql: tables => `
    WITH invoice AS (
      INSERT INTO invoice (customer_id, invoice_date, billing_city, total)
      SELECT customer_id, $2::timestamp, $3::text, $4::numeric FROM ${tables.customer} WHERE customer_id = $1::int
      RETURNING *
    )
    SELECT json_build_object('answer', json_build_object(
      'invoiceDate', invoice_date, 'billingCity', billing_city, 'total', total::text,
      'customer', json_build_object('firstName', first_name, 'lastName', last_name)))::text
    FROM invoice JOIN customer USING (customer_id)`,
  parameters: ['customerId', 'invoiceDate', 'billingCity', 'total'],
  variables: ({ customerIds }) =>
    customerIds.map((customerId, index) => ({
      customerId,
      invoiceDate: '2026-01-31T09:30:00Z',
      billingCity: `City ${index}`,
      total: '8.91',
    })),
}
