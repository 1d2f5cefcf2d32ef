-- RecordChanges: the outbox, to which the transaction that changes a row writes what it changed

CREATE SCHEMA IF NOT EXISTS refract;

CREATE TABLE IF NOT EXISTS refract.changes (
  position   bigint GENERATED ALWAYS AS IDENTITY,
  xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  table_name text NOT NULL,
  operation  text NOT NULL,
  before     jsonb,
  after      jsonb,
  PRIMARY KEY (xid, position)
) WITH (toast_tuple_target = 8160);

CREATE OR REPLACE FUNCTION refract.record_changes() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET "TimeZone" = 'UTC'
SET "DateStyle" = 'ISO'
SET "IntervalStyle" = 'postgres'
SET bytea_output = 'hex'
SET extra_float_digits = 1
AS $record$
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
    PERFORM pg_notify('refract_changes', '');
  END IF;
  RETURN NULL;
END
$record$;

REVOKE ALL ON FUNCTION refract.record_changes() FROM PUBLIC;

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "users" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "users" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "users" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "users"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "profiles" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "profiles" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "profiles" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "profiles"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "teams" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "teams" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "teams" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "teams"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "memberships" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('team_id', 'user_id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "memberships" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('team_id', 'user_id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "memberships" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('team_id', 'user_id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "memberships"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('team_id', 'user_id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "projects" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "projects" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "projects" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "projects"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "issues" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "issues" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "issues" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "issues"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "issue_relations" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "issue_relations" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "issue_relations" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "issue_relations"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "labels" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "labels" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "labels" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "labels"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "comments" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "comments" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "comments" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "comments"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');

-- RecordChanges
CREATE OR REPLACE TRIGGER "00_refract_insert" AFTER INSERT ON "attachments" REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_update" AFTER UPDATE ON "attachments" REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_delete" AFTER DELETE ON "attachments" REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
CREATE OR REPLACE TRIGGER "00_refract_truncate" BEFORE TRUNCATE ON "attachments"
  FOR EACH STATEMENT EXECUTE FUNCTION refract.record_changes('id');
