import { createServer } from 'node:http'
import { createYoga } from 'graphql-yoga'
import './objects.ts'
import './queries.ts'
import './mutations.ts'
import { builder } from './builder.ts'

const yoga = createYoga({ schema: builder.toSchema(), graphiql: false, landingPage: false })
createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1')
