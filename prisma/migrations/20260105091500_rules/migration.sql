-- What the Prisma schema has no words for: rules that hold whoever writes, the API or psql.

-- Check constraints. The API answers a breach with a CheckError that names the constraint.

ALTER TABLE "users"
  ADD CONSTRAINT "user_email_valid" CHECK ("email" = lower("email") AND "email" ~ '^[^@\s]+@[^@\s]+$'),
  ADD CONSTRAINT "user_handle_valid" CHECK ("handle" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "user_name_not_blank" CHECK ("name" ~ '\S');

ALTER TABLE "profiles"
  ADD CONSTRAINT "profile_location_on_earth"
    CHECK ("location"[0] BETWEEN -180 AND 180 AND "location"[1] BETWEEN -90 AND 90);

ALTER TABLE "teams"
  ADD CONSTRAINT "team_key_valid" CHECK ("key" ~ '^[A-Z]{2,5}$'),
  ADD CONSTRAINT "team_name_not_blank" CHECK ("name" ~ '\S');

ALTER TABLE "projects"
  ADD CONSTRAINT "project_name_not_blank" CHECK ("name" ~ '\S'),
  ADD CONSTRAINT "project_dates_in_order" CHECK ("start_date" <= "target_date"),
  ADD CONSTRAINT "project_budget_nonnegative" CHECK ("budget" >= 0);

ALTER TABLE "issues"
  ADD CONSTRAINT "issue_number_positive" CHECK ("number" > 0),
  ADD CONSTRAINT "issue_title_not_blank" CHECK ("title" ~ '\S'),
  ADD CONSTRAINT "issue_estimate_positive" CHECK ("estimate" > 0),
  ADD CONSTRAINT "issue_progress_from_0_to_1" CHECK ("progress" BETWEEN 0 AND 1),
  ADD CONSTRAINT "issue_not_its_own_parent" CHECK ("parent_id" <> "id");

ALTER TABLE "issue_relations"
  ADD CONSTRAINT "issue_relation_between_two_issues" CHECK ("source_id" <> "target_id");

ALTER TABLE "labels"
  ADD CONSTRAINT "label_name_not_blank" CHECK ("name" ~ '\S'),
  ADD CONSTRAINT "label_color_valid" CHECK ("color" ~ '^#[0-9a-f]{6}$');

ALTER TABLE "comments"
  ADD CONSTRAINT "comment_body_not_blank" CHECK ("body" ~ '\S');

ALTER TABLE "attachments"
  ADD CONSTRAINT "attachment_filename_not_blank" CHECK ("filename" ~ '\S'),
  ADD CONSTRAINT "attachment_size_nonnegative" CHECK ("size" >= 0),
  ADD CONSTRAINT "attachment_sha256_of_32_bytes" CHECK (octet_length("sha256") = 32);

-- Full-text search. A column cannot become a generated one later, so the plain one makes way for it. The
-- schema says @default(dbgenerated()), which Prisma takes for any default: it sees no drift here.

ALTER TABLE "issues" DROP COLUMN "search_vector";
ALTER TABLE "issues" ADD COLUMN "search_vector" tsvector GENERATED ALWAYS AS (
  setweight(to_tsvector('english', "title"), 'A') ||
  setweight(to_tsvector('english', coalesce("description", '')), 'B')
) STORED;
CREATE INDEX "issues_search_vector_idx" ON "issues" USING GIN ("search_vector");

-- The number of an issue. The UPDATE locks the row of the team until the transaction ends, so two issues
-- created at the same moment never get the same number, and a transaction that rolls back leaves no gap. A
-- number that the writer chose stays, and the counter moves past it. An issue that moves to another team gets
-- a number there.

CREATE FUNCTION assign_issue_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.team_id <> OLD.team_id AND NEW.number = OLD.number THEN
    NEW.number := NULL;
  END IF;
  IF NEW.number IS NULL THEN
    UPDATE teams SET last_issue_number = last_issue_number + 1 WHERE id = NEW.team_id
      RETURNING last_issue_number INTO NEW.number;
    -- Without a team the foreign key shall complain, not the NOT NULL of the number.
    NEW.number := coalesce(NEW.number, 1);
  ELSE
    UPDATE teams SET last_issue_number = NEW.number
      WHERE id = NEW.team_id AND last_issue_number < NEW.number;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "issue_number" BEFORE INSERT OR UPDATE OF "team_id", "number" ON "issues"
  FOR EACH ROW EXECUTE FUNCTION assign_issue_number();

CREATE FUNCTION keep_team_counter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.last_issue_number := OLD.last_issue_number;
  RETURN NEW;
END
$$;

CREATE TRIGGER "team_counter_never_falls" BEFORE UPDATE OF "last_issue_number" ON "teams"
  FOR EACH ROW WHEN (NEW.last_issue_number < OLD.last_issue_number) EXECUTE FUNCTION keep_team_counter();

-- When an issue was closed.

CREATE FUNCTION stamp_issue_closing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.status IN ('DONE', 'CANCELLED') THEN
    NEW.closed_at := coalesce(NEW.closed_at, greatest(now(), NEW.created_at));
  ELSE
    NEW.closed_at := NULL;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "issue_closing" BEFORE INSERT OR UPDATE OF "status", "closed_at" ON "issues"
  FOR EACH ROW EXECUTE FUNCTION stamp_issue_closing();

-- How many comments an issue has and when the last one came. Nobody else writes these two columns: what a
-- client sends for them is ignored (the depth is 0), what the trigger on the comments sends is not (it is 1).

CREATE FUNCTION keep_issue_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.comment_count := 0;
    NEW.last_activity_at := NEW.created_at;
  ELSE
    NEW.comment_count := OLD.comment_count;
    NEW.last_activity_at := OLD.last_activity_at;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "issue_activity_at_start" BEFORE INSERT ON "issues"
  FOR EACH ROW EXECUTE FUNCTION keep_issue_activity();
CREATE TRIGGER "issue_activity" BEFORE UPDATE OF "comment_count", "last_activity_at" ON "issues"
  FOR EACH ROW WHEN (pg_trigger_depth() < 1) EXECUTE FUNCTION keep_issue_activity();

-- Once a statement, not once a row, so that many comments at once stay cheap. The rows are locked in the order
-- of their ids, so that two such statements cannot wait for each other; the count is taken after the lock, so
-- that it includes what others have committed meanwhile. The issue's updated_at stays: a comment is no edit.

CREATE FUNCTION count_issue_comments() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  touched uuid[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    touched := ARRAY(SELECT DISTINCT issue_id FROM new_comments);
  ELSIF TG_OP = 'DELETE' THEN
    touched := ARRAY(SELECT DISTINCT issue_id FROM old_comments);
  ELSE
    touched := ARRAY(
      SELECT unnest(ARRAY[o.issue_id, n.issue_id]) FROM old_comments o JOIN new_comments n USING (id)
      WHERE (o.issue_id, o.created_at) IS DISTINCT FROM (n.issue_id, n.created_at)
    );
  END IF;
  PERFORM 1 FROM issues WHERE id = ANY (touched) ORDER BY id FOR NO KEY UPDATE;
  UPDATE issues SET
    comment_count = coalesce(counted.comments, 0),
    last_activity_at = greatest(issues.created_at, counted.latest)
  FROM unnest(touched) AS one (id)
  LEFT JOIN (
    SELECT issue_id, count(*) AS comments, max(created_at) AS latest FROM comments
    WHERE issue_id = ANY (touched) GROUP BY issue_id
  ) AS counted ON counted.issue_id = one.id
  WHERE issues.id = one.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER "comment_added" AFTER INSERT ON "comments"
  REFERENCING NEW TABLE AS new_comments FOR EACH STATEMENT EXECUTE FUNCTION count_issue_comments();
CREATE TRIGGER "comment_removed" AFTER DELETE ON "comments"
  REFERENCING OLD TABLE AS old_comments FOR EACH STATEMENT EXECUTE FUNCTION count_issue_comments();
CREATE TRIGGER "comment_changed" AFTER UPDATE ON "comments"
  REFERENCING OLD TABLE AS old_comments NEW TABLE AS new_comments
  FOR EACH STATEMENT EXECUTE FUNCTION count_issue_comments();

-- The version of a comment, which tells a writer that somebody else was faster.

CREATE FUNCTION count_comment_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.edited_at := CASE WHEN NEW.body <> OLD.body THEN now() ELSE OLD.edited_at END;
  RETURN NEW;
END
$$;

CREATE TRIGGER "comment_version" BEFORE UPDATE ON "comments"
  FOR EACH ROW EXECUTE FUNCTION count_comment_version();
