/** The channel on which every transaction that recorded something notifies, once and without a payload. */
export const changesChannel = 'refract_changes'

/** The function behind all triggers. */
export const recordFunction = 'refract.record_changes'

/*
 * A schema of its own, because Prisma looks at the schemas of its models only: it neither drops this table nor takes it
 * for drift. `at` is the clock's time and not the statement's or the transaction's: what is late can be told from what
 * was begun long ago. Compressing two images of usual size would cost as much as writing them, so it is left to rows of
 * more than a page.
 */
const tableSql = `CREATE SCHEMA IF NOT EXISTS refract;

CREATE TABLE IF NOT EXISTS refract.changes (
  position   bigint GENERATED ALWAYS AS IDENTITY,
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  table_name text NOT NULL,
  operation  text NOT NULL,
  before     jsonb,
  after      jsonb,
  PRIMARY KEY (xid, position)
) WITH (toast_tuple_target = 8160);`

/**
 * The body of the function. The names of a table's columns are not known, so a variable or an alias of ours could be
 * one of them: beside the rows of a transition table stands nothing that could be taken for a column.
 */
export const recordFunctionBody = `
DECLARE
  recorded bigint;
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO refract.changes (table_name, operation, after)
    SELECT TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'INSERT', images.image
    FROM (SELECT to_jsonb(r.*) AS image FROM new_rows AS r) AS images;
  ELSIF TG_OP = 'UPDATE' THEN
    WITH
      old_images AS MATERIALIZED (SELECT to_jsonb(r.*) AS image FROM old_rows AS r),
      new_images AS MATERIALIZED (SELECT to_jsonb(r.*) AS image FROM new_rows AS r),
      olds AS (SELECT image, (SELECT jsonb_agg(image -> part) FROM unnest(TG_ARGV) AS part) AS key FROM old_images),
      news AS (SELECT image, (SELECT jsonb_agg(image -> part) FROM unnest(TG_ARGV) AS part) AS key FROM new_images)
    INSERT INTO refract.changes (table_name, operation, before, after)
    SELECT
      TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME,
      CASE WHEN news.image IS NULL THEN 'DELETE' WHEN olds.image IS NULL THEN 'INSERT' ELSE 'UPDATE' END,
      olds.image,
      news.image
    FROM olds FULL JOIN news ON olds.key = news.key
    WHERE olds.image IS DISTINCT FROM news.image;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO refract.changes (table_name, operation, before)
    SELECT TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME, 'DELETE', images.image
    FROM (SELECT to_jsonb(r.*) AS image FROM old_rows AS r) AS images;
  ELSE
    -- TRUNCATE has no transition table, but is asked before it empties the table, which it has locked.
    EXECUTE format(
      'INSERT INTO refract.changes (table_name, operation, before)
       SELECT $1, ''DELETE'', images.image FROM (SELECT to_jsonb(r.*) AS image FROM %s AS r) AS images',
      TG_RELID::regclass
    ) USING TG_TABLE_SCHEMA || '.' || TG_TABLE_NAME;
  END IF;
  GET DIAGNOSTICS recorded = ROW_COUNT;
  IF recorded > 0 THEN
    PERFORM pg_notify('${changesChannel}', '');
  END IF;
  RETURN NULL;
END
`

/*
 * Runs with the rights of its owner, so that whoever writes to a table needs no right to write here, and cannot make
 * events up. The settings make the images the same whatever those of the writer are. EXECUTE is what it takes to put
 * the function on a table of one's own.
 */
const functionSql = `CREATE OR REPLACE FUNCTION ${recordFunction}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET "TimeZone" = 'UTC'
SET "DateStyle" = 'ISO'
SET "IntervalStyle" = 'postgres'
SET bytea_output = 'hex'
SET extra_float_digits = 1
AS $record$${recordFunctionBody}$record$;

REVOKE ALL ON FUNCTION ${recordFunction}() FROM PUBLIC;`

/** Makes the outbox and its function, or brings them up to date where they are there already. */
export const outboxSql = `-- RecordChanges: the outbox, to which the transaction that changes a row writes what it changed

${tableSql}

${functionSql}
`
