-- Up Migration

-- What became of each sensitive event, and each change of what a person allows (V-7).
CREATE TABLE consent_audit (
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at              timestamptz NOT NULL DEFAULT now(),
  -- Null: the event named nobody, and so was refused.
  user_id         bigint,
  service         text        NOT NULL,
  event_type      text        NOT NULL,
  event_id        uuid        NOT NULL,
  purpose         text,
  data_categories text[]      NOT NULL,
  -- handled, refused, allowed or ended
  decision        text        NOT NULL,
  reason          text        NOT NULL,
  -- One row a fact, however often its event is handled, tried again or read anew.
  UNIQUE NULLS NOT DISTINCT (event_id, decision, event_type, purpose)
);
CREATE INDEX consent_audit_user ON consent_audit (user_id, id);

CREATE FUNCTION refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'consent_audit is only appended to';
END $$;

CREATE TRIGGER consent_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent_audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit();

-- Down Migration

DROP TABLE consent_audit;
DROP FUNCTION refuse_change_of_audit;
