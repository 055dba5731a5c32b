DROP TABLE ledger, balances, orders;
