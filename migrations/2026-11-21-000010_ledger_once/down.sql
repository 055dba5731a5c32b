ALTER TABLE inbox DROP COLUMN kept;
DROP INDEX ledger_credit;
