-- It was not the end after all. Twice is once.
-- => json
-- writes
-- :number path bigint
select app.reopen_ticket(:'number')
