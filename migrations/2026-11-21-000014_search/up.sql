-- Searching for a part of a word needs trigrams. The extension is a trusted one: the owner of the database may create
-- it. It may live in another schema than the tables, which are made anew in one of their own by a rebuild.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
DO $$
DECLARE
    home text := (SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
                  WHERE extname = 'pg_trgm');
BEGIN
    -- Serves: the search in messages. Only ICU knows upper and lower case beyond ASCII in every database.
    EXECUTE format(
        'CREATE INDEX chat_messages_search ON chat_messages
             USING gin (lower(message_text COLLATE "und-x-icu") %I.gin_trgm_ops)', home);
    -- Serves: the search for people.
    EXECUTE format(
        'CREATE INDEX users_search ON users
             USING gin (lower((COALESCE(first_name, '''') || '' '' || COALESCE(last_name, '''') || '' @'' || COALESCE(username, '''')) COLLATE "und-x-icu") %I.gin_trgm_ops)
             WHERE telegram_user_id IS NOT NULL', home);
END $$;
