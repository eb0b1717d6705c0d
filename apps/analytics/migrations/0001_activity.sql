CREATE TABLE activity (
  user_id bigint NOT NULL,
  day date NOT NULL,
  event_name text NOT NULL,
  events bigint NOT NULL CHECK (events > 0),
  PRIMARY KEY (user_id, day, event_name)
);
