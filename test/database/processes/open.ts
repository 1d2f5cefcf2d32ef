import { migrateDatabase, openDatabase } from '../../../src/database/index.ts'

/**
 * Opens a database, migrates it when a folder with migrations is named, says so in one line of JSON, and closes it when
 * its standard input ends.
 */
const [projectDir = '', url = '', migrationsDir = ''] = process.argv.slice(2)
const database = await openDatabase({ projectDir, url })
const applied =
  migrationsDir === ''
    ? []
    : (
        await migrateDatabase(database, {
          migrationsDir,
          schemaFiles: [{ path: 'schema.prisma', content: schema() }],
        })
      ).applied
process.stdout.write(`${JSON.stringify({ url: database.url, isOwner: database.isOwner(), applied })}\n`)
process.stdin.resume()
process.stdin.once('end', async () => {
  await database.close()
})

function schema(): string {
  return 'datasource db {\n  provider = "postgresql"\n}\n'
}
