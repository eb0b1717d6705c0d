-- Up Migration
-- Only a rebuilt service has rows of epoch 0.
create index event_log_earlier_life on event_log (key, type, occurred_at) where epoch = 0;
