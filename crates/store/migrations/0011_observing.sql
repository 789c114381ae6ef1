-- What developers look at: lists of all connections in the order of time, the steps of runs through
-- Connect, and how many cars were connected when.

CREATE INDEX connections_by_time ON connections (connected_at, user_id, vehicle_id);
CREATE INDEX connections_by_external_id ON connections (external_id) WHERE external_id IS NOT NULL;
CREATE INDEX vehicles_by_vin ON vehicles (vin);

-- What runs are searched by; empty for runs from before these columns, which are swept in a fortnight.
ALTER TABLE connect_runs ADD COLUMN mode TEXT NOT NULL DEFAULT '';
ALTER TABLE connect_runs ADD COLUMN brand TEXT NOT NULL DEFAULT '';
-- The developer's own id of the owner, as the link gave it.
ALTER TABLE connect_runs ADD COLUMN owner TEXT NOT NULL DEFAULT '';
-- How far it came: 0 began, 1 brand chosen, 2 signed in, 3 allowed.
ALTER TABLE connect_runs ADD COLUMN reached BIGINT NOT NULL DEFAULT 0;
-- How it ended: granted, reauthenticated, capacity_chosen, or the error that went back.
ALTER TABLE connect_runs ADD COLUMN ended TEXT;
CREATE INDEX connect_runs_by_time ON connect_runs (created_at, id);
CREATE INDEX connect_runs_of_application ON connect_runs (application_id, created_at, id);

-- Steps of a run, numbered from 1: no e-mail and no VIN in them. They go with their run.
CREATE TABLE run_steps (
    run_id BYTEA NOT NULL REFERENCES connect_runs (id) ON DELETE CASCADE,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    event TEXT NOT NULL,
    -- Country, brand, number of cars or code of an error.
    detail TEXT,
    PRIMARY KEY (run_id, number)
) /* clustered */;

-- Connections of an application at the end of an hour, or of what passed of it.
CREATE TABLE car_counts (
    application_id BYTEA NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    hour BIGINT NOT NULL,
    connections BIGINT NOT NULL,
    PRIMARY KEY (application_id, hour)
) /* clustered */;
CREATE INDEX car_counts_by_hour ON car_counts (hour);
