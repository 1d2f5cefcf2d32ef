import type pg from 'pg'
import type { Samples } from '../queries/index.ts'

const sampleSize = 50

/** Keys and values to ask for: of the agent with most customers, so that the same questions have answers under a policy. */
export async function readSamples(client: pg.Client): Promise<Samples> {
  const column = async (statement: string, ...values: unknown[]) =>
    (await client.query({ text: statement, values, rowMode: 'array' })).rows.map(row => row[0])
  const [agentId] = await column(
    'SELECT support_rep_id FROM customer GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1',
  )
  const own = 'FROM invoice JOIN customer USING (customer_id) WHERE support_rep_id = $1'
  return {
    agentId,
    invoiceIds: await column(`SELECT invoice_id ${own} ORDER BY 1 LIMIT ${sampleSize}`, agentId),
    lineIds: await column(
      `SELECT invoice_line_id FROM invoice_line WHERE invoice_line_id % 37 = 0 ORDER BY 1 LIMIT ${sampleSize}`,
    ),
    customerIds: await column(
      'SELECT customer_id FROM customer WHERE support_rep_id = $1 ORDER BY 1',
      agentId,
    ),
    countries: await column(
      'SELECT DISTINCT country FROM customer WHERE support_rep_id = $1 ORDER BY 1',
      agentId,
    ),
    trackIds: await column(`SELECT track_id FROM track ORDER BY 1 LIMIT ${sampleSize}`),
  }
}
