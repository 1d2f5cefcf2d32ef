import type { BenchQuery } from './bench-query.ts'

/** As Refract and the others answer. */
interface Statistics {
  readonly aggregate: object
  readonly groupBy: readonly { readonly key: { readonly billingCountry: string | null } }[]
}

interface PostgraphileStatistics {
  readonly aggregates: PostgraphileSums & { readonly max: object }
  readonly groupBy: readonly (PostgraphileSums & { readonly keys: readonly (string | null)[] })[]
}

interface PostgraphileSums {
  readonly distinctCount: { readonly count: string }
  readonly sum: object
}

/** Sums over a whole table, and by groups. */
export const aggregate: BenchQuery = {
  id: 'aggregate',
  title: 'Aggregates and groupBy',
  refract: {
    document: `{
      answer: invoices {
        aggregate { count sum { total } max { total } }
        groupBy(by: [billingCountry]) { key { billingCountry } count sum { total } }
      }
    }`,
  },
  pothos: {
    document: `{
      answer: invoiceStatistics {
        aggregate { count sum { total } max { total } }
        groupBy: byCountry { key { billingCountry } count sum { total } }
      }
    }`,
  },
  postgraphile: {
    document: `{
      answer: allInvoices {
        aggregates { distinctCount { count: invoiceId } sum { total } max { total } }
        groupBy: groupedAggregates(groupBy: [BILLING_COUNTRY]) {
          keys distinctCount { count: invoiceId } sum { total }
        }
      }
    }`,
    // It has distinct counts only, which of a key are the same.
    toCommonShape: answer => {
      const { aggregates, groupBy } = answer as PostgraphileStatistics
      const { distinctCount, sum, max } = aggregates
      return {
        aggregate: { count: distinctCount.count, sum, max },
        groupBy: groupBy.map(({ keys: [billingCountry], distinctCount: { count }, sum: groupSum }) => ({
          key: { billingCountry },
          count,
          sum: groupSum,
        })),
      }
    },
  },
  sql: ({ invoice }) => `
    WITH visible AS MATERIALIZED (SELECT billing_country, total FROM ${invoice})
    SELECT json_build_object('answer', json_build_object(
      'aggregate', (
        SELECT json_build_object(
          'count', count(*), 'sum', json_build_object('total', sum(total)::text),
          'max', json_build_object('total', max(total)::text))
        FROM visible),
      'groupBy', coalesce(json_agg(json_build_object(
        'key', json_build_object('billingCountry', billing_country), 'count', count,
        'sum', json_build_object('total', sum::text)
      ) ORDER BY billing_country), '[]')))::text
    FROM (SELECT billing_country, count(*), sum(total) FROM visible GROUP BY billing_country) groups`,
  parameters: [],
  variables: () => [{}],
  // PostGraphile orders no groups, and databases differ in how they order texts.
  sort: answer => {
    const { groupBy, ...rest } = answer as Statistics
    return { ...rest, groupBy: groupBy.toSorted((one, other) => (country(one) < country(other) ? -1 : 1)) }
  },
}

const country = ({ key }: Statistics['groupBy'][number]) => String(key.billingCountry)
