import type { BenchDatabase } from './create-database.ts'

/** Takes out the invoices that requests have created, so that every load begins with the same tables; says how many. */
export async function removeWrites({ client, lastInvoiceId }: BenchDatabase): Promise<number> {
  await client.query('DELETE FROM invoice_line WHERE invoice_id > $1', [lastInvoiceId])
  const { rowCount } = await client.query('DELETE FROM invoice WHERE invoice_id > $1', [lastInvoiceId])
  await client.query('VACUUM invoice, invoice_line')
  return rowCount ?? 0
}
