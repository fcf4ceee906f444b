-- The partner hands a report on to the tenant.
-- => json
-- writes
-- :number path bigint
select app.escalate(:'number')
