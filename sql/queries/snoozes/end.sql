-- Brings it back.
-- => json
-- writes
-- :number path bigint
select app.snooze(:'number', null)
