-- Since when the vehicle API refuses an application on its operator's order; null when it does not.

ALTER TABLE applications ADD COLUMN suspended_at BIGINT;
