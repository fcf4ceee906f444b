-- Sets status, priority, assignee, item, team or tags, each only when it is given, in 16 kB at most; where `was`
-- says what one took them for, only as long as nobody else has made something else of them. hold: for so many seconds nobody is told of it.
-- => json
-- writes
-- :number path bigint
-- :change made jsonb
select app.changed_ticket(:'number', :'change')
