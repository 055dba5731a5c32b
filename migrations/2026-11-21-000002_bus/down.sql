DROP TABLE outbox, inbox;
