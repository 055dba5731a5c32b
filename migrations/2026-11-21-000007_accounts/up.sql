-- Whether an account is shut, by `users.*.disabled` and `users.*.enabled`.
ALTER TABLE users
    ADD COLUMN disabled_at timestamptz,
    -- Why, for administrators.
    ADD COLUMN disabled_reason text,
    -- When it was last shut or opened: an older event that comes later changes nothing.
    ADD COLUMN access_at timestamptz,
    ADD CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
    ADD CHECK (disabled_at IS NULL OR access_at IS NOT NULL);
-- Serves: the administrators' list of accounts, newest first, by key; every search of it walks this index.
CREATE INDEX users_accounts ON users (created_at DESC, id DESC) WHERE phone IS NOT NULL;
-- Serves: the administrators' list of orders, newest first, by key.
CREATE INDEX orders_newest ON orders (created_at DESC, id DESC);

ALTER TABLE sessions
    -- What its owner ends it by; worth nothing to anybody else.
    ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    -- Coarse, such as "Chrome, Android", so that its owner knows it again. No address is kept.
    ADD COLUMN device text NOT NULL DEFAULT '' CHECK (length(device) <= 60);
-- New rows say both.
ALTER TABLE sessions ALTER COLUMN id DROP DEFAULT, ALTER COLUMN device DROP DEFAULT;

-- What somebody prefers on every device. Written by the edge; not derived.
CREATE TABLE account_settings (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    language text NOT NULL CHECK (language IN ('ru', 'en')),
    updated_at timestamptz NOT NULL
);

-- What became of dead letters, by `letters.>`. Each once.
CREATE TABLE letters_settled (
    consumer text NOT NULL,
    -- The log sequence of what was given up; with the consumer it names the letter.
    sequence bigint NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('redriven', 'discarded')),
    reason text,
    -- Who acted, as in the event.
    actor text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (consumer, sequence),
    CHECK ((outcome = 'discarded') = (reason IS NOT NULL))
);
