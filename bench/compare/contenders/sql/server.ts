import { createServer, type IncomingMessage } from 'node:http'
import { jwtVerify } from 'jose'
import pg from 'pg'
import { queries } from '../../queries/index.ts'
import { agentTables, allTables } from './visible-tables.ts'

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_SIZE),
})
const isGuarded = process.env.BENCH_GUARDED === 'true'
const secret = new TextEncoder().encode(process.env.BENCH_JWT_SECRET)

const statements = new Map(
  queries.map(({ id, sql, parameters }) => {
    const tables = isGuarded ? agentTables(`$${parameters.length + 1}::int`) : allTables
    return [`/${id}`, { name: id, text: sql?.(tables), parameters }]
  }),
)

createServer(async (request, response) => {
  try {
    const viewerId = isGuarded ? await readViewer(request) : undefined
    const { variables } = JSON.parse(await readBody(request))
    const answer = await run(request.url ?? '', variables, viewerId)
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"data":${answer}}`)
  } catch (error) {
    console.error(error)
    response.writeHead(500).end()
  }
}).listen(Number(process.env.PORT), '127.0.0.1')

async function run(
  path: string,
  variables: Readonly<Record<string, unknown>>,
  viewerId: string | undefined,
): Promise<string> {
  const statement = statements.get(path)
  if (!statement) throw new Error(`There is no ${path}.`)
  const { name, text, parameters } = statement
  if (text === undefined) return '{"answer":"Query"}'
  const values = parameters.map(parameter => toParameter(variables[parameter]))
  if (viewerId !== undefined) values.push(viewerId)
  const { rows } = await pool.query({ name, text, values, rowMode: 'array' })
  return rows[0]?.[0]
}

/** pg would take a list for an array of PostgreSQL. */
function toParameter(value: unknown): unknown {
  return typeof value === 'object' ? JSON.stringify(value) : value
}

async function readViewer({ headers: { authorization = '' } }: IncomingMessage): Promise<string> {
  const { payload } = await jwtVerify(authorization.slice('Bearer '.length), secret, {
    algorithms: ['HS256'],
    issuer: 'https://bench.example',
    audience: 'bench',
  })
  return payload.sub ?? ''
}

function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    request
      .setEncoding('utf8')
      .on('data', chunk => {
        text += chunk
      })
      .on('end', () => resolve(text))
      .on('error', reject)
  })
}
