DROP INDEX chat_messages_position;
