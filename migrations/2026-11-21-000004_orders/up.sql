CREATE TABLE orders (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES users (id),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    description text NOT NULL CHECK (length(description) BETWEEN 1 AND 5000),
    target_url text NOT NULL CHECK (length(target_url) <= 2048),
    -- Kopecks.
    total_amount bigint NOT NULL CHECK (total_amount BETWEEN 10000 AND 10000000000),
    country text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    region text CHECK (length(region) <= 100),
    city text CHECK (length(city) <= 100),
    deadline timestamptz NOT NULL,
    platforms text[] NOT NULL CHECK (cardinality(platforms) BETWEEN 1 AND 6),
    image_id uuid REFERENCES images (id),
    status text NOT NULL CHECK (status IN ('open', 'rejected', 'cancelled', 'expired')),
    rejection_code text,
    -- SHA-256 of the content, in hexadecimal: what a repetition is compared by.
    content_hash text NOT NULL,
    -- Raised by each fact about the order; a fact with an older version changes nothing.
    version bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((status = 'rejected') = (rejection_code IS NOT NULL))
);
-- Serves: a customer's list, newest first, by key; the foreign key.
CREATE INDEX orders_customer ON orders (customer_id, created_at DESC, id DESC);
-- Serves: the same content within a minute. A quarter of the hash tells contents apart.
CREATE INDEX orders_content ON orders (customer_id, left(content_hash, 16));
-- Serves: the clock's question for what has expired.
CREATE INDEX orders_deadline ON orders (deadline) WHERE status = 'open';
-- Serves: the foreign key, and whether a picture is in use.
CREATE INDEX orders_image ON orders (image_id) WHERE image_id IS NOT NULL;

-- What a user has. Always the sum of the user's ledger.
CREATE TABLE balances (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    -- Kopecks.
    available bigint NOT NULL CHECK (available >= 0),
    held bigint NOT NULL CHECK (held >= 0),
    -- The number of the user's ledger entries.
    version bigint NOT NULL CHECK (version >= 0)
) WITH (fillfactor = 50);

-- Double entry: each row moves an amount from one account to another of the same user, or from outside.
CREATE TABLE ledger (
    user_id uuid NOT NULL REFERENCES balances (user_id),
    -- The user's balance version after this entry: counts from 1 without a gap.
    version bigint NOT NULL CHECK (version > 0),
    kind text NOT NULL CHECK (kind IN ('credit', 'hold', 'release')),
    debit text NOT NULL CHECK (debit IN ('external', 'available', 'held')),
    credit text NOT NULL CHECK (credit IN ('external', 'available', 'held')),
    -- Kopecks.
    amount bigint NOT NULL CHECK (amount > 0),
    order_id uuid REFERENCES orders (id),
    reason text,
    event_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    -- Serves: a user's entries in order.
    PRIMARY KEY (user_id, version),
    CHECK ((kind, debit, credit) IN (
        ('credit', 'external', 'available'), ('hold', 'available', 'held'), ('release', 'held', 'available')
    )),
    CHECK ((kind = 'credit') = (order_id IS NULL))
);
-- One hold per order, and one release.
CREATE UNIQUE INDEX ledger_order ON ledger (order_id, kind) WHERE order_id IS NOT NULL;
