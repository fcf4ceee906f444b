-- Support access of the account, for its administrators: what is open, what is
-- asked for, the newest of the record.
-- => json
-- reads
select app.access_here()
