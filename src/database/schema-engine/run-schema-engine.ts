import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import type { DiffParams, DiffResult } from '@prisma/schema-engine-wasm'
import { SchemaEngineError } from './engine-error.ts'
import { loadEngine } from './load-engine.ts'
import { manageDatabase } from './manage-database.ts'
import { type CreateSchemaEngineOptions, createSchemaEngine, type SchemaEngine } from './schema-engine.ts'
import type { ReadWantedRecording } from './with-recording.ts'

/**
 * Behaves like Prisma's native `schema-engine` program, so that the official CLI runs without downloading that: the
 * same arguments, the same JSON-RPC on standard input and output (one JSON text a line), the same log on standard
 * error, the same exit codes.
 */
export async function runSchemaEngine(
  parameters: readonly string[],
  { readWantedRecording }: Pick<CreateSchemaEngineOptions, 'readWantedRecording'> = {},
): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    strict: false,
    options: {
      datamodels: { type: 'string', short: 'd', multiple: true },
      datasource: { type: 'string' },
      'enabled-preview-features': { type: 'string' },
      'extension-types': { type: 'string' },
      version: { type: 'boolean' },
    },
  })
  if (values.version === true) return printVersion()
  const datasource = readDatasource(values.datasource)
  if (positionals[0] === 'cli') return runCommand(positionals[1], datasource.url ?? '')
  serve((values.datamodels ?? []).map(String), datasource, readWantedRecording)
}

async function printVersion(): Promise<void> {
  const { version } = await loadEngine()
  process.stdout.write(`schema-engine-cli ${version}\n`)
}

type Datasource = { readonly url?: string; readonly shadowDatabaseUrl?: string }

function readDatasource(text: unknown): Datasource {
  return typeof text === 'string' ? (JSON.parse(text) as Datasource) : {}
}

/** `cli can-connect-to-database | create-database | drop-database`: the caller reads errors from the log. */
async function runCommand(command: string | undefined, url: string): Promise<void> {
  log('INFO', { message: 'Starting schema engine CLI' })
  try {
    process.stdout.write(`${await manageDatabase(command, url)}\n`)
  } catch (error) {
    const code = error instanceof SchemaEngineError ? error.code : undefined
    log('ERROR', {
      message: error instanceof Error ? error.message : String(error),
      is_panic: false,
      ...(code === undefined ? {} : { error_code: code }),
    })
    process.exitCode = 1
  }
}

function log(level: 'INFO' | 'ERROR', fields: Readonly<Record<string, unknown>>): void {
  const entry = { timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' }
  process.stderr.write(`${JSON.stringify(entry)}\n`)
}

type Request = { readonly id: number; readonly method: string; readonly params?: unknown }

/** Answers requests one after the other until the input ends. */
function serve(
  datamodels: readonly string[],
  datasource: Datasource,
  readWantedRecording: ReadWantedRecording | undefined,
): void {
  let starting: Promise<SchemaEngine> | undefined
  const start = () => {
    starting ??= createSchemaEngine({
      url: datasource.url ?? '',
      shadowDatabaseUrl: datasource.shadowDatabaseUrl || undefined,
      ...(datamodels.length === 0 ? {} : { schemaFiles: datamodels.map(readSchemaFile) }),
      readWantedRecording,
      onLog: line => process.stderr.write(`${line.trim()}\n`),
    })
    return starting
  }
  let queue: Promise<void> = Promise.resolve()
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
  lines.on('line', line => {
    if (line.trim() !== '') queue = queue.then(() => answer(JSON.parse(line) as Request, start))
  })
  // The caller closes the input and sends SIGTERM right after it: shadow databases are to go first.
  const stop = () => {
    void queue.then(async () => {
      await starting?.then(
        engine => engine.close(),
        () => undefined,
      )
      process.exit(0)
    })
  }
  lines.once('close', stop)
  process.on('SIGTERM', stop)
}

function readSchemaFile(path: string) {
  return { path, content: readFileSync(path, 'utf8') }
}

async function answer({ id, method, params }: Request, start: () => Promise<SchemaEngine>): Promise<void> {
  // A request that came from this side would bear a method; its answer does not, and needs no answer.
  if (method === undefined) return
  try {
    const result = await call(method, params, start)
    reply({ id, jsonrpc: '2.0', result: result ?? null })
  } catch (error) {
    const { message, code, isPanic } =
      error instanceof SchemaEngineError ? error : new SchemaEngineError(String(error), { cause: error })
    const data = { is_panic: isPanic, message, meta: null, error_code: code ?? null }
    // The caller shows `data.message`, but of a panic the outer one.
    reply({ id, jsonrpc: '2.0', error: { code: 4_466, message, data } })
  }
}

async function call(method: string, params: unknown, start: () => Promise<SchemaEngine>): Promise<unknown> {
  const { url } = readUrl(params)
  if (method === 'createDatabase') return { databaseName: await manageDatabase('create-database', url ?? '') }
  if (method === 'dropDatabase') return manageDatabase('drop-database', url ?? '')
  const engine = await start()
  const name = method === 'getDatabaseVersion' ? 'version' : method
  if (method === 'diff') return printDiff(await engine.diff(params as DiffParams))
  const handler: unknown = Reflect.get(engine, name)
  if (typeof handler !== 'function') throw new SchemaEngineError(`Unknown method ${method}`)
  return handler.call(engine, params)
}

/** The native engine does not return what is to be printed, but asks its caller to print it. */
function printDiff({ exitCode, stdout }: DiffResult): DiffResult {
  if (stdout !== null)
    reply({ id: 0, jsonrpc: '2.0', method: 'print', params: { content: stdout.replace(/\n$/, '') } })
  return { exitCode, stdout: null }
}

function readUrl(params: unknown): { readonly url?: string } {
  const { datasource } = (params ?? {}) as { readonly datasource?: { readonly url?: string } }
  return datasource ?? {}
}

function reply(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
