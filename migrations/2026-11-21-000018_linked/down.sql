DROP INDEX users_linked;
