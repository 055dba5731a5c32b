-- Everybody the system knows: people who sign in (phone, role) and people who write to a bot
-- (telegram_user_id). Derived from `users.>` and `chats.*.message-received` alone, so a replay makes it again.
CREATE TABLE users (
    id uuid PRIMARY KEY,
    -- E.164. Serves: sign-in by phone.
    phone text UNIQUE CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    name text,
    role text CHECK (role IN ('CUSTOMER', 'EXECUTOR', 'OPERATOR', 'ADMIN', 'AUDITOR')),
    -- Serves: the chat of a Telegram user; chat_messages and user_data refer to it.
    telegram_user_id bigint UNIQUE,
    first_name text,
    last_name text,
    username text,
    language_code text,
    -- The account that this Telegram user has shown to be theirs.
    linked_user_id uuid REFERENCES users (id),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CHECK ((phone IS NULL) = (role IS NULL)),
    CHECK ((phone IS NULL) <> (telegram_user_id IS NULL))
);

-- Secrets of accounts. Never in an event, so a replay does not make them.
CREATE TABLE credentials (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    -- Argon2id, PHC string.
    password_hash text NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE TABLE sessions (
    -- SHA-256 of the cookie's value: whoever reads the table cannot sign in with it.
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES users (id),
    listener text NOT NULL CHECK (listener IN ('public', 'backoffice')),
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
-- Serves: ending all sessions of a user, and the foreign key.
CREATE INDEX sessions_user ON sessions (user_id);
-- Serves: sweeping what has expired.
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    -- SHA-256 of the bearer token.
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
);
-- Serves: listing a user's tokens, and the foreign key.
CREATE INDEX tokens_user ON tokens (user_id);

-- What a customer has typed into the order form, one per customer.
CREATE TABLE drafts (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    draft jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
