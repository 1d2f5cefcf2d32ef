import { openAsBlob } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { extensions } from '../../src/database/embedded/extensions.js'
import { servePostgres } from '../../src/database/embedded/serve.js'

/*
 * The thread of an embedded database that one test after the other uses: it is emptied in between, which takes a tenth of
 * the time of starting one.
 *
 * In: `workerData.template`, an archive to start from, if there is one; then `open` and `close` by turns. Out: `{ port }` for
 * each `open`, `{ isEmpty }` for each `close`; not empty is a database in which something was left that is not known here.
 */
const parent = parentPort
if (parent === null) throw new Error('The embedded database runs in a worker thread only.')

const { template } = workerData
const database = await PGlite.create({
  ...(template === undefined ? {} : { loadDataDir: await openAsBlob(template) }),
  extensions,
})
const pristine = await describeCatalogue()
/** @type {Awaited<ReturnType<typeof servePostgres>> | undefined} */
let server

parent.on('message', message => void (message === 'open' ? open() : close()))

async function open() {
  server = await servePostgres(database, {
    port: 0,
    onCrash(error) {
      process.stderr.write(`The embedded database stopped: ${String(error?.message ?? error)}\n`)
      process.exit(1)
    },
  })
  parent?.postMessage({ port: server.port })
}

async function close() {
  await server?.close()
  const isEmpty = await empty().catch(() => false)
  parent?.postMessage({ isEmpty })
}

async function empty() {
  await database.exec('ROLLBACK')
  await database.exec('DISCARD ALL')
  await database.exec(dropEverything)
  return (await describeCatalogue()) === pristine
}

/** How many rows each of PostgreSQL's own tables has, but for statistics, and who may do what in the schema public. */
async function describeCatalogue() {
  const { rows } = await database.query(`
    SELECT string_agg(relname || (xpath('//n/text()', query_to_xml('SELECT count(*) AS n FROM ' || oid::regclass,
      false, true, '')))[1], ' ' ORDER BY relname) AS counts,
      (SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public') AS rights
    FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r' AND relname !~ '^pg_(statistic|init_privs)'`)
  return JSON.stringify(rows)
}

const dropEverything = `DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user LOOP
      EXECUTE format('DROP OWNED BY %I CASCADE', name);
      EXECUTE format('DROP ROLE %I', name);
    END LOOP;
  END $$;
  CREATE SCHEMA public AUTHORIZATION pg_database_owner;
  GRANT USAGE ON SCHEMA public TO PUBLIC;
  COMMENT ON SCHEMA public IS 'standard public schema';`
