-- Lists of an application's connections, newest first, a page after any place in one step. The mode
-- is the vehicle's, which never changes; without it here, a list of one mode would read them all.

ALTER TABLE connections ADD COLUMN mode TEXT NOT NULL DEFAULT '';
UPDATE connections SET mode =
    (SELECT vehicles.mode FROM vehicles WHERE vehicles.id = connections.vehicle_id);
DROP INDEX connections_of_application;
CREATE INDEX connections_of_application
    ON connections (application_id, mode, connected_at, user_id, vehicle_id);
