-- What the page of car owners needs: who has signed in or is about to, how often it was tried, and
-- how exactly an application may know where a car is.

ALTER TABLE connections ADD COLUMN location_precision TEXT NOT NULL DEFAULT 'exact';

-- A browser at the owner's page. It waits for a code while entered_at is null. Without a mode and a
-- brand it is for every account with this login, which is an e-mail address then.
CREATE TABLE owner_visits (
    -- Digest of the cookie.
    cookie BYTEA PRIMARY KEY,
    mode TEXT,
    brand TEXT,
    login TEXT NOT NULL,
    -- Digest of the code that was sent; null where the brand sent one, and where nobody has the e-mail.
    code BYTEA,
    tries BIGINT NOT NULL,
    entered_at BIGINT,
    expires_at BIGINT NOT NULL
) /* clustered */;
CREATE INDEX owner_visits_by_expiry ON owner_visits (expires_at);

-- Attempts to enter, counted under digests of addresses and logins.
CREATE TABLE owner_attempts (
    subject BYTEA PRIMARY KEY,
    tries BIGINT NOT NULL,
    -- When the first of them was.
    since BIGINT NOT NULL
) /* clustered */;
CREATE INDEX owner_attempts_by_time ON owner_attempts (since);

CREATE INDEX accounts_by_login ON accounts (login);
CREATE INDEX users_of_account ON users (account_id);
CREATE INDEX connections_of_account ON connections (account_id) WHERE account_id IS NOT NULL;
