DROP TABLE deliveries, read_markers, chat_message_edits, chat_messages, user_data;
