DROP TABLE letters_settled;
DROP TABLE account_settings;
ALTER TABLE sessions DROP COLUMN device, DROP COLUMN id;
DROP INDEX orders_newest;
DROP INDEX users_accounts;
ALTER TABLE users DROP COLUMN access_at, DROP COLUMN disabled_reason, DROP COLUMN disabled_at;
