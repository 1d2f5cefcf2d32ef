import type { VisibleTables } from '../../queries/index.ts'

/** Everybody sees everything. */
export const allTables: VisibleTables = {
  invoice: 'invoice',
  invoiceLine: 'invoice_line',
  customer: 'customer',
}

/** The rows of the customers that were given to an agent, whose id is the SQL expression. */
export function agentTables(agentId: string): VisibleTables {
  const own = `customer WHERE support_rep_id = ${agentId}`
  const customers = `customer_id IN (SELECT customer_id FROM ${own})`
  return {
    customer: `(SELECT * FROM ${own}) customer`,
    invoice: `(SELECT * FROM invoice WHERE ${customers}) invoice`,
    invoiceLine: `(SELECT * FROM invoice_line WHERE EXISTS (
      SELECT FROM invoice WHERE invoice.invoice_id = invoice_line.invoice_id AND ${customers})) invoice_line`,
  }
}
