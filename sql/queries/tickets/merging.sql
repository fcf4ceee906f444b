-- What closing a ticket as the duplicate of another would do. It looks under a lock,
-- so it writes.
-- => json
-- writes
-- :number path bigint
-- :into query bigint
select app.see_merge(:'number', :'into')
