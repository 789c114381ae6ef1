-- People who use the Dashboard, and what shows that they are who they say. Of tokens, links and
-- recovery codes only digests are kept; a second factor's secret is sealed under the installation's
-- key, passwords are argon2id.

CREATE TABLE members (
    id BYTEA PRIMARY KEY,
    -- In lower case.
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    -- Ids of the applications that the member is limited to, as JSON; null for no limit.
    applications TEXT,
    password TEXT,
    second_factor BYTEA,
    -- The last time step whose code was used: no code works twice.
    second_factor_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Null while an invitation waits.
    joined_at BIGINT,
    disabled_at BIGINT
);

CREATE TABLE member_sessions (
    id BYTEA PRIMARY KEY,
    digest BYTEA NOT NULL UNIQUE,
    member_id BYTEA NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    made_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- The network, not the machine.
    address TEXT NOT NULL,
    agent TEXT NOT NULL
);
CREATE INDEX member_sessions_of_member ON member_sessions (member_id);
CREATE INDEX member_sessions_by_expiry ON member_sessions (expires_at);

CREATE TABLE member_links (
    digest BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL,
    -- Null for the link that makes the first member.
    member_id BYTEA REFERENCES members (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX member_links_of_member ON member_links (member_id);
CREATE INDEX member_links_by_expiry ON member_links (expires_at);

CREATE TABLE recovery_codes (
    member_id BYTEA NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (member_id, digest)
);

-- The audit log gets an order in which no two entries share a place, for lists that go page by page:
-- the instant, then a number drawn by the database. Entries that concern no application carry the id
-- of zeros: the column cannot become nullable, and a table of its own would break the one order.
ALTER TABLE audit_log ADD COLUMN tie BIGINT NOT NULL DEFAULT 0;
DROP INDEX audit_log_by_time;
CREATE INDEX audit_log_by_place ON audit_log (at, tie);
CREATE INDEX audit_log_of_application ON audit_log (application_id, at, tie);
CREATE INDEX audit_log_of_actor ON audit_log (actor, at, tie);
CREATE INDEX audit_log_of_action ON audit_log (action, at, tie);
