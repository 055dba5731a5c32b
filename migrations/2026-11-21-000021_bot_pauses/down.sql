DROP TABLE bot_pauses;
