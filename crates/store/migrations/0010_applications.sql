-- What a developer sees and keeps of an application beside what Connect needs of it.

-- A sentence for the developer's own list.
ALTER TABLE applications ADD COLUMN description TEXT;
-- The order of that list.
CREATE INDEX applications_in_order ON applications (created_at, id);

-- The last characters of a secret, by which its owner tells it from others; null on older ones.
ALTER TABLE client_secrets ADD COLUMN hint TEXT;

-- Credentials of programs (API v3): one client id of an application, with up to three secrets.
CREATE TABLE machine_credentials (
    client_id TEXT PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    UNIQUE (application_id)
) /* clustered */;

CREATE TABLE machine_secrets (
    digest BYTEA PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES machine_credentials (client_id) ON DELETE CASCADE,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL
) /* clustered */;
CREATE INDEX machine_secrets_of_client ON machine_secrets (client_id);
