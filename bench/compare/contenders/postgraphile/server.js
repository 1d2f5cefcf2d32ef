// Plain JavaScript: it runs under a Node of its own, without this repository's loader.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

// PostGraphile is installed in bench/peers, which this file is no part of.
const require = createRequire(new URL('../../../peers/package.json', import.meta.url))
const load = name => import(pathToFileURL(require.resolve(name)).href)

const [{ postgraphile }, { PostGraphileAmberPreset }, { makePgService }, { grafserv }] = await Promise.all([
  load('postgraphile'),
  load('postgraphile/presets/amber'),
  load('postgraphile/adaptors/pg'),
  load('postgraphile/grafserv/node'),
])
const { PostGraphileConnectionFilterPreset } = await load('postgraphile-plugin-connection-filter')
const { PgAggregatesPreset } = await load('@graphile/pg-aggregates')

const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset, PgAggregatesPreset],
  // It leaves out filters and orders by columns without an index; the other contenders have them.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  pgServices: [
    makePgService({
      connectionString: process.env.DATABASE_URL,
      schemas: ['public'],
      poolConfig: { max: Number(process.env.POOL_SIZE) },
    }),
  ],
  schema: { connectionFilterRelations: true },
  grafserv: { graphqlPath: '/graphql', graphiql: false },
})
const server = createServer()
await instance.createServ(grafserv).addTo(server)
server.listen(Number(process.env.PORT), '127.0.0.1')
