-- Serves: whether a credit has been entered already, when its wish comes once more than the inbox remembers. And
-- whatever the workers do: it is entered once. Holds and releases are once by their order.
CREATE UNIQUE INDEX ledger_credit ON ledger (event_id) WHERE kind = 'credit';

-- What came more than once may have been buried by somebody before it was handled: it is remembered for ever, so that
-- whoever tries that dead letter again in a year does no harm.
ALTER TABLE inbox ADD COLUMN kept boolean NOT NULL DEFAULT false;
