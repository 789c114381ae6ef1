-- Webhooks and the vehicles they are to tell of. What delivery needs (signals, a second address,
-- verification, attempts) comes with delivery, in tables and columns of its own.

CREATE TABLE webhooks (
    id BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    callback_uri TEXT NOT NULL,
    created_at BIGINT NOT NULL
) /* clustered */;
CREATE INDEX webhooks_of_application ON webhooks (application_id, created_at);

-- A subscription ends with the connection through which the vehicle is read.
CREATE TABLE subscriptions (
    webhook_id BYTEA NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    vehicle_id BYTEA NOT NULL,
    user_id BYTEA NOT NULL,
    subscribed_at BIGINT NOT NULL,
    PRIMARY KEY (webhook_id, vehicle_id, user_id),
    FOREIGN KEY (user_id, vehicle_id) REFERENCES connections (user_id, vehicle_id) ON DELETE CASCADE
) /* clustered */;
CREATE INDEX subscriptions_of_connection ON subscriptions (user_id, vehicle_id);
