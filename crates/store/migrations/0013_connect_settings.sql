-- What applications have set about their side of Connect, as JSON; an application without a row has
-- set nothing.

CREATE TABLE connect_settings (
    application_id BYTEA PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
    settings TEXT NOT NULL
);

-- Cleaned when it was taken in; its name is in the settings.
CREATE TABLE logos (
    application_id BYTEA PRIMARY KEY REFERENCES applications (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    content BYTEA NOT NULL
);
