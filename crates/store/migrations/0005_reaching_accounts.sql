-- The account that reaches the vehicle since its owner signed in again with another login; without one
-- it is the user's own. Users keep theirs: ids and tokens of applications hang on them.

ALTER TABLE connections ADD COLUMN account_id BYTEA REFERENCES accounts (id);
