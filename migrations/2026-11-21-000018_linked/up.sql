-- Serves: the Telegram users of an account, for notices of its orders and for its owner's page; the foreign key. Few have
-- one, and nothing has been released with many of them: no need to build it beside the work.
CREATE INDEX users_linked ON users (linked_user_id) WHERE linked_user_id IS NOT NULL;
