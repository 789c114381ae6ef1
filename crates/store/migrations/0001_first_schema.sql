-- One text for SQLite and PostgreSQL: columns are TEXT, BIGINT and BYTEA only (booleans are 0 and
-- 1, instants are epoch milliseconds, digests are 32 bytes, JSON is text). Migrations add; they do
-- not alter types. A table marked clustered lies in the order of its primary key on SQLite, which
-- spares small rows with random keys an index and a look-up.

CREATE TABLE applications (
    id BYTEA PRIMARY KEY,
    name TEXT NOT NULL,
    privacy_url TEXT,
    created_at BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    default_scope TEXT NOT NULL,
    public BIGINT NOT NULL,
    require_pkce BIGINT NOT NULL,
    send_iss BIGINT NOT NULL,
    strict_required BIGINT NOT NULL,
    management_token_digest BYTEA NOT NULL UNIQUE,
    management_token_sealed BYTEA NOT NULL
);

CREATE TABLE client_secrets (
    digest BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT
) /* clustered */;
CREATE INDEX client_secrets_of_application ON client_secrets (application_id);

CREATE TABLE redirect_uris (
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    uri TEXT NOT NULL,
    -- The lowest is the default.
    position BIGINT NOT NULL,
    PRIMARY KEY (application_id, uri)
);
-- The redirect page of the browser SDK is told a URI and no application.
CREATE INDEX redirect_uris_by_uri ON redirect_uris (uri);

CREATE TABLE accounts (
    id BYTEA PRIMARY KEY,
    mode TEXT NOT NULL,
    brand TEXT NOT NULL,
    login TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (mode, brand, login)
) /* clustered */;

CREATE TABLE users (
    id BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    account_id BYTEA NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    UNIQUE (application_id, account_id)
) /* clustered */;

CREATE TABLE vehicles (
    id BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    mode TEXT NOT NULL,
    vin TEXT NOT NULL,
    -- What the connector told at the last login: make, model, year and powertrain as JSON, and the
    -- permissions it can serve as a set of bits.
    car TEXT NOT NULL,
    capabilities BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (application_id, mode, vin)
) /* clustered */;

CREATE TABLE connections (
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    vehicle_id BYTEA NOT NULL REFERENCES vehicles (id) ON DELETE CASCADE,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    permissions TEXT NOT NULL,
    external_id TEXT,
    connected_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, vehicle_id)
) /* clustered */;
CREATE INDEX connections_of_vehicle ON connections (vehicle_id);
CREATE INDEX connections_of_application ON connections (application_id, connected_at);

CREATE TABLE connect_runs (
    id BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    -- Digest of the run's cookie.
    cookie BYTEA NOT NULL,
    request TEXT NOT NULL,
    progress TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    completed_at BIGINT,
    -- How it ended: granted, or the error that went back.
    outcome TEXT
);
CREATE INDEX connect_runs_by_expiry ON connect_runs (expires_at);

CREATE TABLE grant_families (
    id BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mode TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_because TEXT
) /* clustered */;
CREATE INDEX grant_families_of_user ON grant_families (user_id);

CREATE TABLE authorization_codes (
    digest BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    mode TEXT NOT NULL,
    -- Where the code was sent, and whether the authorization request named that place.
    redirect_uri TEXT NOT NULL,
    redirect_uri_given BIGINT NOT NULL,
    challenge TEXT,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    exchanged_at BIGINT,
    -- No reference: the family is founded after the code was won.
    family_id BYTEA
);
CREATE INDEX authorization_codes_by_expiry ON authorization_codes (expires_at);

CREATE TABLE token_pairs (
    access_digest BYTEA PRIMARY KEY,
    refresh_digest BYTEA NOT NULL UNIQUE,
    -- No reference and no index, which each refresh would pay for: a pair without its family opens
    -- nothing and is swept when it has expired.
    family_id BYTEA NOT NULL,
    issued_at BIGINT NOT NULL,
    access_expires_at BIGINT NOT NULL,
    refresh_expires_at BIGINT NOT NULL,
    -- First use of the refresh token.
    refreshed_at BIGINT,
    access_revoked_at BIGINT
) /* clustered */;
CREATE INDEX token_pairs_by_expiry ON token_pairs (refresh_expires_at);

CREATE TABLE change_log (
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    key BYTEA NOT NULL
);
CREATE INDEX change_log_by_time ON change_log (at);

CREATE TABLE audit_log (
    at BIGINT NOT NULL,
    application_id BYTEA NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_log_by_time ON audit_log (at);

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
