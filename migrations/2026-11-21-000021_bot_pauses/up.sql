-- Until when Telegram wants nothing at all of a bot, as the bridge has last heard: the next bridge waits as well.
CREATE TABLE bot_pauses (
    bot_id bigint PRIMARY KEY,
    until timestamptz NOT NULL
);
