-- The state of a chat with a Telegram user.
CREATE TABLE user_data (
    user_id bigint PRIMARY KEY REFERENCES users (telegram_user_id),
    operator_chat_status text NOT NULL DEFAULT 'open' CHECK (operator_chat_status IN ('open', 'closed')),
    -- The log sequence that the status is from, as below: an older event that comes later changes nothing.
    status_position bigint NOT NULL DEFAULT 0,
    bot_blocked boolean NOT NULL DEFAULT false,
    blocked_position bigint NOT NULL DEFAULT 0,
    -- The log sequence of the newest message: what the list is ordered by.
    last_position bigint NOT NULL,
    last_message_id uuid NOT NULL,
    updated_at timestamptz NOT NULL
);
-- Serves: the list of chats by status, newest first, by key.
CREATE INDEX user_data_list ON user_data (operator_chat_status, last_position DESC);

CREATE TABLE chat_messages (
    id uuid PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (telegram_user_id),
    -- The sequence of the event in the log: orders the history, and is what a reader has seen up to.
    position bigint NOT NULL,
    direction text NOT NULL CHECK (direction IN ('in', 'out')),
    bot_type text NOT NULL,
    message_type text NOT NULL,
    message_text text NOT NULL,
    telegram_message_id bigint,
    -- Telegram's id of the message that this one answers.
    reply_to_telegram_id bigint,
    -- The operator who wrote it.
    operator_id uuid REFERENCES users (id),
    verified boolean NOT NULL,
    -- An events::chats::Attachment, and where the bytes are once they are fetched.
    attachment jsonb,
    file_id uuid,
    file jsonb,
    file_failure text,
    -- Only what goes out has a delivery.
    delivery_state text CHECK (delivery_state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    delivery_code text,
    delivery_reason text,
    -- Which attempt the delivery state tells of; an outcome of an older one changes nothing.
    delivery_attempt integer NOT NULL DEFAULT 0,
    edited_at timestamptz,
    created_at timestamptz NOT NULL
);
-- Serves: a chat's history by key, its unread count; the foreign key.
CREATE UNIQUE INDEX chat_messages_history ON chat_messages (user_id, position);
-- The same Telegram message is stored once; one that nobody vouches for cannot take its place.
-- Serves: edits, and repeated POST /api/chat-message.
CREATE UNIQUE INDEX chat_messages_telegram
    ON chat_messages (user_id, telegram_message_id, direction, verified)
    WHERE telegram_message_id IS NOT NULL;
-- Serves: GET /files/{id}.
CREATE UNIQUE INDEX chat_messages_file ON chat_messages (file_id) WHERE file_id IS NOT NULL;

-- What a message said before it was edited.
CREATE TABLE chat_message_edits (
    message_id uuid NOT NULL REFERENCES chat_messages (id),
    -- The log sequence of the edit.
    position bigint NOT NULL,
    previous_text text NOT NULL,
    edited_at timestamptz NOT NULL,
    PRIMARY KEY (message_id, position)
);

-- Up to which log sequence somebody at the desk has read a chat. Written by the edge; not derived.
CREATE TABLE read_markers (
    user_id bigint PRIMARY KEY REFERENCES users (telegram_user_id),
    read_up_to bigint NOT NULL,
    updated_at timestamptz NOT NULL
);

-- The bridge's own memory of what it has to send, has tried, and has learnt. Not derived from the log.
CREATE TABLE deliveries (
    message_id uuid PRIMARY KEY,
    user_id bigint NOT NULL,
    -- The log sequence of the wish: the order within a chat.
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    attempt integer NOT NULL,
    message_text text NOT NULL,
    reply_to_telegram_id bigint,
    -- The event that asked for this attempt, whole: the outcome names it as its cause.
    cause jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
-- Serves: what is to be sent, in order, at start and by turns.
CREATE INDEX deliveries_due ON deliveries (position) WHERE state IN ('queued', 'sending');
