-- What happened, by quarter of an hour: every time zone's days consist of whole ones, so the day of a point
-- follows when it is read, and a zone that is heard of late changes nothing here. Mood and words are not
-- here: they stand in the entries.
CREATE TABLE series_points (
  user_id bigint NOT NULL,
  series text NOT NULL,
  -- Start of the quarter; for habit_completions midnight UTC of the calendar day that the event names.
  at timestamptz NOT NULL,
  total double precision NOT NULL,
  last_value double precision NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, series, at)
);

CREATE INDEX series_points_by_time ON series_points (user_id, at);
