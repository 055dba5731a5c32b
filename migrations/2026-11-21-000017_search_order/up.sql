-- Serves: the search for a word that is in very many messages: the newest first, until there are enough. The trigrams of
-- migration 14 serve the rare ones; the planner knows which is which. Nothing has been released with many messages yet,
-- so it is made at once.
CREATE INDEX chat_messages_position ON chat_messages (position);
