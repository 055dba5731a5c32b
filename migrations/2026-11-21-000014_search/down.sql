-- The extension stays: somebody else may use it by now.
DROP INDEX users_search, chat_messages_search;
