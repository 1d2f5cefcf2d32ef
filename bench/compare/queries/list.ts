import type { BenchQuery } from './bench-query.ts'

/** A page of rows, each with four related rows. */
export const list: BenchQuery = {
  id: 'list',
  title: '20 rows with four to-one relations each',
  refract: {
    document: `query ($after: Int!) {
      answer: invoiceLines(where: { invoiceLineId: { gt: $after } }, orderBy: [{ invoiceLineId: ASC }], first: 20) {
        nodes {
          invoiceLineId quantity unitPrice
          track { name album { title } genre { name } }
          invoice { invoiceDate total }
        }
      }
    }`,
  },
  pothos: {
    document: `query ($after: Int!) {
      answer: invoiceLines(after: $after, first: 20) {
        invoiceLineId quantity unitPrice
        track { name album { title } genre { name } }
        invoice { invoiceDate total }
      }
    }`,
  },
  postgraphile: {
    document: `query ($after: Int!) {
      answer: allInvoiceLines(
        filter: { invoiceLineId: { greaterThan: $after } }, orderBy: [INVOICE_LINE_ID_ASC], first: 20
      ) {
        nodes {
          invoiceLineId quantity unitPrice
          track: trackByTrackId {
            name album: albumByAlbumId { title } genre: genreByGenreId { name }
          }
          invoice: invoiceByInvoiceId { invoiceDate total }
        }
      }
    }`,
  },
  sql: ({ invoiceLine }) => `
    SELECT json_build_object('answer', coalesce(json_agg(json_build_object(
      'invoiceLineId', invoice_line_id, 'quantity', quantity, 'unitPrice', line.unit_price::text,
      'track', json_build_object(
        'name', track.name,
        'album', CASE WHEN album_id IS NOT NULL THEN json_build_object('title', album.title) END,
        'genre', CASE WHEN genre_id IS NOT NULL THEN json_build_object('name', genre.name) END),
      'invoice', json_build_object('invoiceDate', invoice_date, 'total', total::text)
    ) ORDER BY invoice_line_id), '[]'))::text
    FROM (
      SELECT * FROM ${invoiceLine} WHERE invoice_line_id > $1::int ORDER BY invoice_line_id LIMIT 20
    ) line
    JOIN track USING (track_id) LEFT JOIN album USING (album_id) LEFT JOIN genre USING (genre_id)
    JOIN invoice USING (invoice_id)`,
  parameters: ['after'],
  variables: ({ lineIds }) => lineIds.map(after => ({ after })),
}
