import type { BenchQuery } from './bench-query.ts'

const question = { document: '{ answer: __typename }' }

/** Nothing of the database: what a request costs by itself. */
export const typename: BenchQuery = {
  id: 'typename',
  title: '`{ __typename }`',
  refract: question,
  pothos: question,
  postgraphile: question,
  parameters: [],
  variables: () => [{}],
}
