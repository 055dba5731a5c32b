CREATE TABLE deliveries (
    message_id uuid PRIMARY KEY,
    user_id bigint NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown')),
    attempt integer NOT NULL,
    message_text text NOT NULL,
    reply_to_telegram_id bigint,
    cause jsonb NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (position) WHERE state IN ('queued', 'sending');
INSERT INTO deliveries (message_id, user_id, position, state, attempt, message_text, reply_to_telegram_id, cause, updated_at)
    SELECT message_id, user_id, position, state, attempt, COALESCE(task -> 'send' ->> 'text', ''),
           (task -> 'send' ->> 'replyTo')::bigint, cause, updated_at
    FROM calls WHERE part = 0 AND task ? 'send';
DROP TABLE bot_status, telegram_files, calls, link_tokens, canned_replies, bots, chat_notes, chat_reactions,
    chat_message_changes, chat_files, chat_sent_ids, chat_message_parts;
DROP INDEX chat_messages_telegram;
-- Of several bots' messages with one id the oldest keeps it.
UPDATE chat_messages SET telegram_message_id = NULL WHERE EXISTS (
    SELECT FROM chat_messages AS other
    WHERE other.user_id = chat_messages.user_id AND other.telegram_message_id = chat_messages.telegram_message_id
      AND other.direction = chat_messages.direction AND other.verified = chat_messages.verified
      AND other.position < chat_messages.position);
CREATE UNIQUE INDEX chat_messages_telegram
    ON chat_messages (user_id, telegram_message_id, direction, verified)
    WHERE telegram_message_id IS NOT NULL;
ALTER TABLE chat_message_edits DROP COLUMN previous_entities;
ALTER TABLE chat_messages
    DROP COLUMN deleted_at, DROP COLUMN dismissed, DROP COLUMN client_message_id, DROP COLUMN notice_kind,
    DROP COLUMN album, DROP COLUMN details, DROP COLUMN files, DROP COLUMN entities, DROP COLUMN bot_id;
ALTER TABLE user_data
    ADD COLUMN bot_blocked boolean NOT NULL DEFAULT false,
    ADD COLUMN blocked_position bigint NOT NULL DEFAULT 0;
UPDATE user_data SET bot_blocked = chat_blocks.blocked, blocked_position = chat_blocks.position
    FROM chat_blocks WHERE chat_blocks.user_id = user_data.user_id AND chat_blocks.bot_id = user_data.bot_id;
DROP TABLE chat_blocks;
DROP INDEX user_data_assignee;
ALTER TABLE user_data
    DROP COLUMN notices_position, DROP COLUMN notices, DROP COLUMN banned_position, DROP COLUMN banned_reason,
    DROP COLUMN assignee_position, DROP COLUMN assignee_id, DROP COLUMN bot_position, DROP COLUMN bot_id;
