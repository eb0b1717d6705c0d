-- How many prompts the events heard so far asked for, 3 at most. Counted by what was heard, not by what
-- was told: a rebuilt service finds its own prompts again while it hears their causes a second time.
CREATE TABLE prompt_days (
  user_id bigint NOT NULL,
  -- UTC.
  day date NOT NULL,
  asked int NOT NULL,
  PRIMARY KEY (user_id, day)
);

INSERT INTO prompt_days (user_id, day, asked) SELECT user_id, day, count(*) FROM prompts GROUP BY user_id, day;

-- The place in the day is what a prompt is known by; its number comes from a sequence that a rebuilt service
-- has to find again.
ALTER TABLE prompts DROP CONSTRAINT prompts_pkey;
ALTER TABLE prompts DROP CONSTRAINT prompts_user_id_day_ordinal_key;
ALTER TABLE prompts ADD PRIMARY KEY (user_id, day, ordinal);
