DROP TABLE drafts, tokens, sessions, credentials, users;
