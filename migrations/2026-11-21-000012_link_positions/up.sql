-- Which `users.*.telegram-linked` a Telegram user's link is from: an older one that comes later changes nothing.
-- Beside `users` and not in it, since links from before this table have no position to be compared with the log.
CREATE TABLE link_positions (
    -- Serves: the guard; the foreign key.
    telegram_user_id bigint PRIMARY KEY REFERENCES users (telegram_user_id),
    -- The log sequence of the link.
    position bigint NOT NULL
);
