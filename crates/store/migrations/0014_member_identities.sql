-- Members as a company's OpenID Connect provider knows them. A provider promises that issuer and
-- subject name one person for ever; an e-mail address may be given to somebody else.

CREATE TABLE member_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    member_id BYTEA NOT NULL REFERENCES members (id) ON DELETE CASCADE,
    bound_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject),
    -- One person at each provider.
    UNIQUE (member_id, issuer)
);
