-- How often each vehicle was asked in a calendar month (202603), for plans that limit it. No
-- reference: what is counted of a vehicle that was deleted meanwhile is swept with its month.

CREATE TABLE vehicle_calls (
    month BIGINT NOT NULL,
    vehicle_id BYTEA NOT NULL,
    calls BIGINT NOT NULL,
    PRIMARY KEY (month, vehicle_id)
) /* clustered */;
