-- What commands and owners' choices have set on a vehicle: signal code and its value as JSON.

CREATE TABLE held_values (
    vehicle_id BYTEA NOT NULL REFERENCES vehicles (id) ON DELETE CASCADE,
    signal TEXT NOT NULL,
    value TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (vehicle_id, signal)
) /* clustered */;
