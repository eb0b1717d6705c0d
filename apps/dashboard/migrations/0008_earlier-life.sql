-- Up Migration
-- Events put back from the own topic stand in epoch 0. Empty, and free of cost, unless the service was rebuilt.
create index event_log_of_earlier_life on event_log (key, type) where epoch = 0;
