-- Sets status, priority or assignee, each only when it is given; where `was` says what one
-- took them for, only as long as nobody else has made something else of them.
-- => json
-- writes
-- :number path bigint
-- :change made jsonb
select app.changed_ticket(:'number', :'change')
