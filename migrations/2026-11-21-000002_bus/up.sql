-- Which events a consumer has handled. Written in the transaction that handles them.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (consumer, event_id)
);
-- Serves: sweeping what is older than any redelivery. Rows come in the order of time, so BRIN is enough.
CREATE INDEX inbox_age ON inbox USING brin (received_at);

-- Events that a transaction has decided on: one row per transaction, published after its commit.
CREATE TABLE outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The service whose credentials may publish them.
    service text NOT NULL,
    -- JSON list of events::Outgoing.
    events text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    published_at timestamptz,
    -- The highest sequence that the broker gave them: if the log ends before it, the log has lost them.
    sequence bigint
);
ALTER TABLE outbox ALTER COLUMN events SET STORAGE EXTERNAL;
-- Serves: the relay's question for what is not published yet.
CREATE INDEX outbox_unpublished ON outbox (service, id) WHERE published_at IS NULL;
