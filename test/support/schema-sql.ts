import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createSchemaEngine, type SchemaFile } from '../../src/database/index.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'node_modules', '.cache', 'refract', 'schemas')

/**
 * The SQL that makes the tables of a schema in an empty database: what `pushSchema` would run. The schema engine is asked
 * once for each schema, by whichever process needs it first; it wants to connect to a database, and leaves it alone.
 */
export async function readSchemaSql(files: readonly SchemaFile[], url: string): Promise<string> {
  const file = join(folder, `${createKey(files)}.sql`)
  if (existsSync(file)) return readFileSync(file, 'utf8')
  const sql = await makeSql(files, url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, sql)
  renameSync(`${file}.${process.pid}`, file)
  return sql
}

/** Differs also where the engine is another one. */
function createKey(files: readonly SchemaFile[]): string {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return createHash('sha256')
    .update(JSON.stringify([dependencies['@prisma/schema-engine-wasm'], files]))
    .digest('hex')
}

async function makeSql(files: readonly SchemaFile[], url: string): Promise<string> {
  const engine = await createSchemaEngine({ url, schemaFiles: files })
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: files.map(file => ({ ...file })) },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    return stdout ?? ''
  } finally {
    await engine.close()
  }
}
