-- What the desk knows of a chat and its messages beyond text and delivery. It contracts at once (bot_blocked, deliveries):
-- services of the version before do not work with it and are to be stopped first, as the changelog says.

ALTER TABLE user_data
    -- Telegram's id of the bot that the person wrote to last; 0 while none has said its own. Replies leave by it.
    ADD COLUMN bot_id bigint NOT NULL DEFAULT 0,
    ADD COLUMN bot_position bigint NOT NULL DEFAULT 0,
    -- Whose the chat is to answer; each with the log sequence that it is from.
    ADD COLUMN assignee_id uuid REFERENCES users (id),
    ADD COLUMN assignee_position bigint NOT NULL DEFAULT 0,
    -- Why the person is not heard; null for whoever is.
    ADD COLUMN banned_reason text,
    ADD COLUMN banned_position bigint NOT NULL DEFAULT 0,
    -- Whether the bot tells the person of their orders.
    ADD COLUMN notices boolean NOT NULL DEFAULT true,
    ADD COLUMN notices_position bigint NOT NULL DEFAULT 0;
-- Serves: the list of somebody's own chats, newest first, by key; the foreign key.
CREATE INDEX user_data_assignee ON user_data (assignee_id, last_position DESC);

-- Whether a person has blocked a bot. Without a row: no. Telegram tells of people who have never written as well.
CREATE TABLE chat_blocks (
    user_id bigint NOT NULL,
    bot_id bigint NOT NULL,
    blocked boolean NOT NULL,
    -- The log sequence that it is from: an older event that comes later changes nothing.
    position bigint NOT NULL,
    -- Since when.
    at timestamptz NOT NULL,
    -- Serves: the state of a chat.
    PRIMARY KEY (user_id, bot_id)
);
INSERT INTO chat_blocks (user_id, bot_id, blocked, position, at)
    SELECT user_id, 0, bot_blocked, blocked_position, updated_at FROM user_data WHERE blocked_position > 0;
ALTER TABLE user_data DROP COLUMN bot_blocked, DROP COLUMN blocked_position;

ALTER TABLE chat_messages
    -- Telegram's id of the bot that received or sends it; 0 where nobody says.
    ADD COLUMN bot_id bigint NOT NULL DEFAULT 0,
    -- Lists of events::chats::TextEntity and ReplyFile; an events::chats::Details.
    ADD COLUMN entities jsonb,
    ADD COLUMN files jsonb,
    ADD COLUMN details jsonb,
    -- Messages of a chat that share this are one album.
    ADD COLUMN album text,
    -- What the bot says by itself.
    ADD COLUMN notice_kind text,
    -- What the operator's page calls it.
    ADD COLUMN client_message_id text,
    -- Its failed or unknown delivery is left as it is.
    ADD COLUMN dismissed boolean NOT NULL DEFAULT false,
    ADD COLUMN deleted_at timestamptz;
DROP INDEX chat_messages_telegram;
-- The same Telegram message is stored once; one that nobody vouches for cannot take its place. Message ids are counted
-- by bot. Serves: edits, and repeated POST /api/chat-message.
CREATE UNIQUE INDEX chat_messages_telegram
    ON chat_messages (user_id, telegram_message_id, direction, verified, bot_id)
    WHERE telegram_message_id IS NOT NULL;

ALTER TABLE chat_message_edits ADD COLUMN previous_entities jsonb;

-- The calls to Telegram that an outgoing message is made of. The message's own delivery is their sum.
CREATE TABLE chat_message_parts (
    message_id uuid NOT NULL REFERENCES chat_messages (id),
    part integer NOT NULL CHECK (part >= 0),
    -- The stretch of the text, in UTF-16 units, and the places of its files among the message's.
    text_offset integer NOT NULL,
    text_length integer NOT NULL,
    files integer[] NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    code text,
    reason text,
    -- Which attempt the state tells of; an outcome of an older one changes nothing.
    attempt integer NOT NULL,
    -- Serves: the states under a bubble; the foreign key.
    PRIMARY KEY (message_id, part)
);
INSERT INTO chat_message_parts (message_id, part, text_offset, text_length, files, state, code, reason, attempt)
    SELECT id, 0, 0, 4096, '{}', delivery_state, delivery_code, delivery_reason, delivery_attempt
    FROM chat_messages WHERE delivery_state IS NOT NULL AND operator_id IS NOT NULL;

-- What Telegram calls the messages that outgoing parts became; an album has several.
CREATE TABLE chat_sent_ids (
    user_id bigint NOT NULL,
    bot_id bigint NOT NULL,
    telegram_message_id bigint NOT NULL,
    message_id uuid NOT NULL REFERENCES chat_messages (id),
    part integer NOT NULL,
    -- Serves: what a person answers or reacts to.
    PRIMARY KEY (user_id, bot_id, telegram_message_id)
);
-- Serves: the foreign key.
CREATE INDEX chat_sent_ids_message ON chat_sent_ids (message_id);
INSERT INTO chat_sent_ids (user_id, bot_id, telegram_message_id, message_id, part)
    SELECT user_id, 0, telegram_message_id, id, 0 FROM chat_messages
    WHERE telegram_message_id IS NOT NULL AND direction = 'out' AND operator_id IS NOT NULL;

-- Files of outgoing messages, beside the one that an incoming message has in its own row.
CREATE TABLE chat_files (
    -- Serves: GET /files/{id}.
    file_id uuid PRIMARY KEY,
    message_id uuid NOT NULL REFERENCES chat_messages (id),
    -- An events::images::StoredObject.
    file jsonb NOT NULL,
    file_name text
);
-- Serves: the foreign key.
CREATE INDEX chat_files_message ON chat_files (message_id);

-- Changes that an operator asked for of a message that Telegram has: its text, or that it goes.
CREATE TABLE chat_message_changes (
    message_id uuid NOT NULL REFERENCES chat_messages (id),
    kind text NOT NULL CHECK (kind IN ('edit', 'delete')),
    -- The newest one asked for, and the log sequence of the wish.
    change_id uuid NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'done', 'failed')),
    code text,
    reason text,
    -- Serves: the state of a bubble; the foreign key.
    PRIMARY KEY (message_id, kind)
);

-- The signs that a person has put to a message.
CREATE TABLE chat_reactions (
    user_id bigint NOT NULL,
    bot_id bigint NOT NULL,
    telegram_message_id bigint NOT NULL,
    reactions text[] NOT NULL,
    -- The log sequence that they are from.
    position bigint NOT NULL,
    -- Serves: the signs of a bubble.
    PRIMARY KEY (user_id, bot_id, telegram_message_id)
);

-- What operators write down for each other. In a table of its own, so that nothing that sends can find it.
CREATE TABLE chat_notes (
    id uuid PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (telegram_user_id),
    position bigint NOT NULL,
    note_text text NOT NULL,
    operator_id uuid NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    removed_at timestamptz
);
-- Serves: a chat's history by key; the foreign key.
CREATE UNIQUE INDEX chat_notes_history ON chat_notes (user_id, position);

CREATE TABLE bots (
    -- Telegram's id of the bot.
    bot_id bigint PRIMARY KEY,
    -- Null for one that has settings and was never connected.
    username text,
    name text,
    connected_position bigint NOT NULL DEFAULT 0,
    -- An events::desk::BotSettings.
    settings jsonb NOT NULL DEFAULT '{}',
    settings_position bigint NOT NULL DEFAULT 0
);

CREATE TABLE canned_replies (
    id uuid PRIMARY KEY,
    -- Not unique: two operators may save one at the same moment, and neither is lost.
    shortcut text NOT NULL,
    canned_text text NOT NULL,
    removed boolean NOT NULL DEFAULT false,
    -- The log sequence that it is from.
    position bigint NOT NULL
);

-- One-time words by which a customer shows the bot whose account they have. Written by the edge; not derived.
CREATE TABLE link_tokens (
    -- SHA-256 of the word: whoever reads the table cannot link with it.
    token_hash bytea PRIMARY KEY CHECK (length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES users (id),
    expires_at timestamptz NOT NULL
);
-- Serves: forgetting a customer's earlier ones; the foreign key.
CREATE INDEX link_tokens_user ON link_tokens (user_id);

-- The bridge's own memory: each row one call to Telegram that it has to make, has tried, or has made.
CREATE TABLE calls (
    id uuid PRIMARY KEY,
    -- 0 for whichever bot the person wrote to last; then the bot that took it.
    bot_id bigint NOT NULL,
    user_id bigint NOT NULL,
    -- The log sequence of the wish and the part of it: the order within a chat.
    position bigint NOT NULL,
    part integer NOT NULL,
    -- The outgoing message that it is about.
    message_id uuid NOT NULL,
    -- What is to be done: a store::calls::Task.
    task jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    attempt integer NOT NULL,
    -- Telegram wants it no earlier.
    not_before timestamptz,
    -- What Telegram calls what it became.
    telegram_message_ids bigint[] NOT NULL DEFAULT '{}',
    -- The event that asked for this attempt, whole: the outcome names it as its cause.
    cause jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
-- Serves: what is to be sent, in order, at start and by turns.
CREATE INDEX calls_due ON calls (bot_id, position, part) WHERE state IN ('queued', 'sending');
-- Serves: the calls of a message, for "send again", a change of it, and when it is tried next.
CREATE INDEX calls_message ON calls (message_id);
INSERT INTO calls (id, bot_id, user_id, position, part, message_id, task, state, attempt, cause, updated_at)
    SELECT message_id, 0, user_id, position, 0, message_id,
           jsonb_build_object('send', jsonb_strip_nulls(jsonb_build_object(
               'text', message_text, 'replyTo', reply_to_telegram_id))),
           state, attempt, cause, updated_at
    FROM deliveries;
UPDATE calls SET telegram_message_ids = ARRAY[chat_messages.telegram_message_id] FROM chat_messages
    WHERE chat_messages.id = calls.message_id AND chat_messages.telegram_message_id IS NOT NULL;
DROP TABLE deliveries;

-- What Telegram calls a file that a bot has sent before: it is not uploaded again.
CREATE TABLE telegram_files (
    bot_id bigint NOT NULL,
    sha256 text NOT NULL,
    -- As what it was sent: the id of a photo is none of a document.
    kind text NOT NULL,
    telegram_file_id text NOT NULL,
    PRIMARY KEY (bot_id, sha256, kind)
);

-- How each bot's line to Telegram is, as its bridge has last said.
CREATE TABLE bot_status (
    bot_id bigint PRIMARY KEY,
    -- A bot_bridge::BotStatus.
    status jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
