-- How often an order's short link was followed, by the hour. Each scan by itself is in the log.
CREATE TABLE order_scans (
    order_id uuid NOT NULL REFERENCES orders (id),
    -- Its beginning, in UTC.
    hour timestamptz NOT NULL CHECK (date_trunc('hour', hour, 'UTC') = hour),
    device text NOT NULL CHECK (device IN ('phone', 'tablet', 'computer', 'bot', 'unknown')),
    scans bigint NOT NULL CHECK (scans > 0),
    -- Serves: an order's scans over time; the foreign key.
    PRIMARY KEY (order_id, hour, device)
);
