-- Simulated cars: what is kept of one, from which its state at any instant follows. The vehicle is
-- there before anybody connects it, so that values can be set by hand. A deleted car that somebody is
-- connected to stays as a row that says so, until nobody is.

CREATE TABLE simulations (
    id BYTEA PRIMARY KEY,
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    vehicle_id BYTEA NOT NULL REFERENCES vehicles (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    -- A login that opens nothing but this car; kept readable, to be shown again.
    username TEXT NOT NULL,
    password TEXT NOT NULL,
    profile TEXT NOT NULL,
    -- Id of a built-in scenario, or key of one of the application's own.
    scenario TEXT NOT NULL,
    city TEXT NOT NULL,
    -- 64 bits, as a signed number.
    seed BIGINT NOT NULL,
    motion TEXT NOT NULL,
    -- Milliseconds of the scenario that had passed at the anchor.
    passed BIGINT NOT NULL,
    anchor BIGINT NOT NULL,
    speed BIGINT NOT NULL,
    stateless BIGINT NOT NULL,
    latency TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    UNIQUE (application_id, username)
) /* clustered */;
CREATE UNIQUE INDEX simulations_of_vehicle ON simulations (vehicle_id);
CREATE INDEX simulations_of_application ON simulations (application_id, created_at, id);

-- Commands that changed the course of a car, numbered from 1 in the order they were carried out.
CREATE TABLE simulation_commands (
    simulation_id BYTEA NOT NULL REFERENCES simulations (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    -- Milliseconds of the scenario.
    at BIGINT NOT NULL,
    effect TEXT NOT NULL,
    PRIMARY KEY (simulation_id, number)
) /* clustered */;

-- Scenarios that applications bring, as they were written (TOML). The key names the text as much as
-- the id, so that a process that knows a key knows what stands behind it.
CREATE TABLE scenarios (
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (application_id, id)
) /* clustered */;
CREATE INDEX scenarios_by_key ON scenarios (key);
