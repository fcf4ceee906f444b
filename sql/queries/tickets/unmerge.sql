-- Takes a merging back.
-- => json
-- writes
-- :number path bigint
select app.unmerge_ticket(:'number')
