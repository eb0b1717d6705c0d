-- Up Migration

-- One row a job and day, whatever the number of instances. Nothing is deleted: a row a day costs nothing, and tells what ran.
CREATE TABLE job_runs (
  job         text        NOT NULL,
  day         date        NOT NULL,
  -- The work of a day is done in the order of user ids; up to here it is committed.
  done_up_to  bigint      NOT NULL DEFAULT 0,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  PRIMARY KEY (job, day)
);

-- Down Migration

DROP TABLE job_runs;
