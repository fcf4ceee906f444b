-- Sets status, priority or assignee, each only when it is given.
-- => json
-- writes
-- :number path bigint
-- :change made jsonb
select app.changed_ticket(:'number', :'change')
