-- Its customer needs no more. Twice is once.
-- => json
-- writes
-- :number path bigint
select app.close_ticket(:'number')
