-- A day of a series that is a mean holds the sum and how many readings it is of; any other day counts as one.
ALTER TABLE daily_series ADD COLUMN readings int NOT NULL DEFAULT 1 CHECK (readings > 0);
